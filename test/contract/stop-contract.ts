import { describe, expect, it } from "@jest/globals";
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { becomesReady, migrated } from "./serve-contract.ts";
import { contractEnvironment } from "./contract-environment.ts";
import type { ContractGround } from "./vault-target.ts";

const get = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
      reply.on("error", reject);
    });
    asked.on("error", reject).end();
  });

/** Sends a body bit by bit, so that the request is under way for `milliseconds`. */
const slowPost = (url: string, milliseconds: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const asked = request(url, { method: "POST", headers }, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
    });
    asked.on("error", reject);
    const drip = setInterval(() => asked.write("a"), 50);
    setTimeout(() => {
      clearInterval(drip);
      asked.end();
    }, milliseconds);
  });

/** So long the contract leaves to requests under way; connections without one are closed before. */
const requestsGetMs = 8000;

/** SIGTERM: nothing that was begun is dropped, nor what comes in before everybody knows. */
export function stopContract(ground: () => ContractGround): void {
  describe("R5 SIGTERM", () => {
    const limit = { DRAIN_DELAY_MS: "1500" };

    it("drops no request under load: keep-alive clients, new connections and one that is slow", async () => {
      const database = await migrated(ground());
      const vault = await ground().target.serve({ ...contractEnvironment(ground(), database.rwUrl), ...limit });
      await becomesReady(vault);
      const url = vault.publicUrl + ground().probes.openPath;
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const outcomes: unknown[] = [];
      let going = true;
      const client = async (make: () => Agent) => {
        while (going) outcomes.push(await get(url, make()).catch((error: unknown) => error));
      };
      const clients = [...Array.from({ length: 8 }, () => client(() => agent)), client(() => new Agent())];
      await pause(500);
      const slow = slowPost(`${vault.publicUrl}${ground().probes.openPath}`, 3000);
      await pause(100);
      const before = outcomes.length;
      const exit = vault.terminate();
      await becomesReady(vault, 503);
      // Endpoints, gateways and proxies learn of it meanwhile.
      await pause(1000);
      going = false;
      await Promise.all(clients);
      expect(outcomes.length - before).toBeGreaterThan(20);
      expect(outcomes.filter((outcome) => outcome !== 200)).toEqual([]);
      expect(await slow).toBeGreaterThanOrEqual(200);
      expect(await exit).toBe(0);
    });

    it("leaves in time although a client holds a connection open", async () => {
      const database = await migrated(ground());
      const vault = await ground().target.serve({
        ...contractEnvironment(ground(), database.rwUrl),
        DRAIN_DELAY_MS: "0",
      });
      await becomesReady(vault);
      const agent = new Agent({ keepAlive: true });
      await get(vault.publicUrl + ground().probes.openPath, agent);
      const start = Date.now();
      expect(await vault.terminate()).toBe(0);
      expect(Date.now() - start).toBeLessThan(requestsGetMs);
      agent.destroy();
    });
  });
}
