import { describe, expect, it } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { contractEnvironment } from "./contract-environment.ts";
import type { ContractGround, RunningVault, TemplateDatabase, VaultEnvironment } from "./vault-target.ts";

export const migrated = async (ground: ContractGround): Promise<TemplateDatabase> => {
  const database = await ground.newDatabase();
  const list = `${JSON.stringify({ id: database.name, url: database.migratorUrl })}\n`;
  const { exitCode, stdout } = await ground.target.migrate(list, "file");
  if (exitCode !== 0) throw new Error(`migrate failed: ${stdout}`);
  return database;
};

const status = async (url: string): Promise<number> => {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
};

export const becomesReady = async (vault: RunningVault, wanted = 200): Promise<void> => {
  const end = Date.now() + 60_000;
  while ((await status(`${vault.internalUrl}/readyz`)) !== wanted) {
    if (Date.now() > end) throw new Error(`/readyz did not become ${wanted}. The vault said:\n${vault.output()}`);
    await pause(50);
  }
};

/** `serve`: ports, readiness, the owner, trouble with the database, read-only, usage and metrics. */
export function serveContract(ground: () => ContractGround): void {
  describe("V5 serve", () => {
    const serving = async (database: TemplateDatabase, environment: VaultEnvironment = {}) => {
      const vault = await ground().target.serve({ ...contractEnvironment(ground(), database.rwUrl), ...environment });
      await becomesReady(vault);
      return vault;
    };

    it("answers visitors on one port, and health, readiness, metrics and usage only on the other", async () => {
      const vault = await serving(await migrated(ground()));
      expect(await status(vault.publicUrl + ground().probes.openPath)).toBe(200);
      for (const path of ["/healthz", "/readyz", "/metrics", "/usage"]) {
        expect([path, await status(vault.internalUrl + path)]).toEqual([path, 200]);
        expect([path, await status(vault.publicUrl + path)]).toEqual([path, 404]);
      }
      expect(await (await fetch(`${vault.internalUrl}/metrics`)).text()).toMatch(
        /^# TYPE \w+ (counter|gauge|histogram)$/m,
      );
      expect(await vault.terminate()).toBe(0);
    });

    it("is alive but not ready on a database without the schema, and ready after `migrate` without a restart", async () => {
      const database = await ground().newDatabase();
      const vault = await ground().target.serve(contractEnvironment(ground(), database.rwUrl));
      await becomesReady(vault, 503);
      expect(await (await fetch(`${vault.internalUrl}/readyz`)).json()).toMatchObject({
        ready: false,
        reason: expect.stringMatching(/migrate/),
      });
      expect(await status(`${vault.internalUrl}/healthz`)).toBe(200);
      expect((await ground().probes.askDatabase(vault)).status).toBe(503);
      await ground().target.migrate(`${JSON.stringify({ id: "x", url: database.migratorUrl })}\n`, "file");
      await becomesReady(vault);
      await vault.terminate();
    });

    it("seeds the owner once, however many start at the same time, and follows a change of owner", async () => {
      const database = await migrated(ground());
      const vaults = await Promise.all([serving(database), serving(database), serving(database)]);
      expect(await ground().probes.owners(database.adminUrl)).toEqual(["owner@contract.example"]);
      for (const vault of vaults) await vault.terminate();
      const again = await serving(database, { OWNER_EMAIL: "OWNER@contract.example" });
      expect(await ground().probes.owners(database.adminUrl)).toHaveLength(1);
      await again.terminate();
      const changed = await serving(database, { OWNER_EMAIL: "new@contract.example", OWNER_NAME: "New" });
      expect(await ground().probes.owners(database.adminUrl)).toEqual(["new@contract.example"]);
      await changed.terminate();
    });

    it("starts and goes on without its database, says 503 with Retry-After, and recovers by itself", async () => {
      const database = await migrated(ground());
      await database.takeAway();
      const vault = await ground().target.serve(contractEnvironment(ground(), database.rwUrl));
      const lost = async () => {
        await becomesReady(vault, 503);
        expect(await status(`${vault.internalUrl}/healthz`)).toBe(200);
        const asked = await ground().probes.askDatabase(vault);
        expect(asked.status).toBe(503);
        expect(Number(asked.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(asked.headers.get("content-type")).toMatch(/^application\/problem\+json/);
        expect(await status(`${vault.internalUrl}/usage`)).toBe(503);
      };
      await lost();
      await database.bringBack();
      await becomesReady(vault);
      expect((await ground().probes.askDatabase(vault)).status).not.toBe(503);
      await database.takeAway();
      await lost();
      await database.bringBack();
      await becomesReady(vault);
      await vault.terminate();
    });

    it("V6: turns a write that the database refuses into a 403 problem, while reading and logging in work", async () => {
      const database = await migrated(ground());
      await (await serving(database)).terminate();
      await database.grantWhenReadOnly();
      for (const ACCESS of ["ReadOnly", "ReadWrite"]) {
        const vault = await serving(database, { DATABASE_URL: database.roUrl, ACCESS });
        const answer = await ground().probes.writeAsOwner(vault, "owner@contract.example");
        expect([ACCESS, answer.status]).toEqual([ACCESS, 403]);
        expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
        expect(await answer.json()).toMatchObject({ status: 403, title: expect.any(String), detail: /read/i });
        await vault.terminate();
      }
      const writable = await serving(database);
      expect((await ground().probes.writeAsOwner(writable, "owner@contract.example")).ok).toBe(true);
      await writable.terminate();
    });

    it("becomes ready while read-only although a new owner cannot be written yet", async () => {
      const database = await migrated(ground());
      await database.grantWhenReadOnly();
      const vault = await serving(database, { DATABASE_URL: database.roUrl, ACCESS: "ReadOnly" });
      expect(await ground().probes.owners(database.adminUrl)).toEqual([]);
      await vault.terminate();
    });

    it("reports usage by the meters that the template declares", async () => {
      const vault = await serving(await migrated(ground()));
      const report = (await (await fetch(`${vault.internalUrl}/usage`)).json()) as Record<string, unknown>;
      expect(report).toMatchObject({
        vaultId: "7b0a0d3e-2d11-4a35-9a65-3f6b1a9c2d10",
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        schemaVersion: ground().declared.schemaVersion,
      });
      const readings = report["meters"] as { name: string; unit: string; value: number }[];
      expect(readings.map(({ name, unit }) => ({ name, unit }))).toEqual(
        ground().declared.meters.map(({ name, unit }) => ({ name, unit })),
      );
      for (const { value } of readings) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      await vault.terminate();
    });

    it("writes no secret to its output", async () => {
      const vault = await serving(await migrated(ground()));
      await ground().probes.writeAsOwner(vault, "owner@contract.example");
      await vault.terminate();
      const said = vault.output();
      expect(said).not.toContain("contract-signing-key");
      expect(said).not.toMatch(/postgres:\/\//);
      expect(said).not.toContain("owner@contract.example");
    });
  });
}
