import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { makeAdmin } from "../../../control-api/platform/make-admin.ts";
import { runCommand } from "../../../cluster/machine/run-command.ts";
import { startControlApi } from "../../builders/a-control-api.ts";
import { registerAndProve } from "../../builders/a-registered-organization.ts";
import { anApiClient } from "../../builders/an-api-client.ts";
import { startTestServices } from "../../harness/test-services.ts";
import { type Comparison, type Figure, publish, sized } from "../findings.ts";
import { inParallel } from "../in-parallel.ts";
import { median } from "../report.ts";
import type { ApiAsked, ApiAsking } from "./ask-api.ts";
import { cpuTime } from "./cpu-time.ts";

/** One kind of request. */
export interface ApiLoad {
  readonly what: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

type Server = { name: string; url: string; pid: number; stop(): Promise<void> };
type Measured = { cpu: number; p99: number; rate: number };

const rounds = sized("ROUNDS", { whole: 5, short: 2 });
const seconds = sized("SECONDS", { whole: 3, short: 1 });
/** As pools of connections are in the installation. */
const connections = 10;
/** Part of what a server can do at most. */
const share = 0.7;
const client = join(import.meta.dirname, "ask-api.ts");
const slug = "bench-choir";

const startBare = async (kind: "fastify" | "express", env: Record<string, string>): Promise<Server> => {
  const program = join(import.meta.dirname, "../floor/bare-api.ts");
  const child = spawn(process.execPath, [program, kind], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const name = kind === "fastify" ? "fastify and pg" : "express and knex";
  return { name, url: `http://127.0.0.1:${line.toString().trim()}`, pid: child.pid ?? 0, stop };
};

/** Measures the control API beside the floor and the peer at each load, and publishes what was found. */
export const compareApis = async (name: string, about: string, loads: readonly ApiLoad[]): Promise<void> => {
  const services = await startTestServices();
  Object.assign(process.env, services.env);
  const api = await startControlApi({ RATE_LIMITS_FACTOR: "1000000" });
  const servers: Server[] = [];
  let failed = 0;
  let asked = 0;
  try {
    const owner = anApiClient(api.url);
    const email = "owner@bench.example";
    await registerAndProve(api, owner, slug, email);
    // So that a page of them is full.
    const others = Array.from({ length: 50 }, (_other, number) => `bench-choir-${String(number)}`);
    const full = await inParallel(others, 8, (other) =>
      registerAndProve(api, anApiClient(api.url), other, `${other}@bench.example`),
    );
    if (full.failed > 0) throw new Error("Not everybody could be registered", { cause: full.first });
    await makeAdmin(api.accounts, { email, name: "Bench" });
    const session = await api.registry.asPlatform((transaction) =>
      transaction("sessions as e")
        .join("people as p", "p.id", "e.person_id")
        .where("p.email", email)
        .first<{ token_hash: string }>("e.token_hash"),
    );
    const env = { DATABASE_URL: api.accounts.platform, SESSION_HASH: session.token_hash };
    const another = await api.programs.startApi();
    servers.push({ name: "ours", url: another.url, pid: another.pid, stop: () => another.kill() });
    servers.push(await startBare("fastify", env), await startBare("express", env));

    const ask = async (server: Server, load: ApiLoad, perSecond: number | null): Promise<Measured> => {
      const headers = {
        ...owner.headers(),
        ...(load.body === undefined ? {} : { "content-type": "application/json" }),
      };
      const { method, path, body } = load;
      const asking: ApiAsking = {
        ...{ url: server.url, method, path: path.replace("{slug}", slug), headers, connections, perSecond, seconds },
        ...(body === undefined ? {} : { body }),
      };
      const before = await cpuTime(server.pid);
      const told = JSON.parse(await runCommand(process.execPath, [client, JSON.stringify(asking)])) as ApiAsked;
      const used = (await cpuTime(server.pid)) - before;
      failed += told.errors;
      asked += told.answers + told.errors;
      return { cpu: used / told.answers, p99: told.p99, rate: told.answers / told.seconds };
    };

    const comparisons: Comparison[] = [];
    const figures: Figure[] = [];
    for (const load of loads) {
      const most: number[] = [];
      // Twice at full speed, unmeasured: compiled code, connections and prepared plans are warm.
      for (const server of servers) {
        await ask(server, load, null);
        most.push((await ask(server, load, null)).rate);
      }
      const found: Measured[][] = servers.map(() => []);
      for (let index = 0; index < rounds; index += 1) {
        const order = servers.map((_server, number) => number);
        for (const number of index % 2 === 0 ? order : order.reverse()) {
          const server = servers[number];
          if (server) found[number]?.push(await ask(server, load, (most[number] ?? 1) * share));
        }
        const told = servers.map((server, number) => `${server.name} ${(found[number]?.at(-1)?.cpu ?? 0).toFixed(0)}`);
        process.stdout.write(`${load.what}, round ${String(index + 1)}, CPU-µs: ${told.join(" · ")}\n`);
      }
      const [ours = [], floor = [], peer = []] = found;
      const pairs = (other: readonly Measured[], of: (one: Measured) => number) =>
        ours.map((one, index) => ({ subject: of(one), floor: of(other[index] ?? one) }));
      const cpu = ({ cpu: value }: Measured): number => value;
      const p99 = ({ p99: value }: Measured): number => value;
      comparisons.push(
        { what: load.what, unit: "CPU-µs", against: "fastify and pg", rounds: pairs(floor, cpu), goal: { atMost: 2 } },
        {
          what: load.what,
          unit: "CPU-µs",
          against: "express and knex",
          rounds: pairs(peer, cpu),
          goal: { atMost: 0.7 },
        },
        { what: `${load.what}, p99 at 70 % load`, unit: "ms", against: "fastify and pg", rounds: pairs(floor, p99) },
      );
      for (const [number, server] of servers.entries())
        figures.push({ what: `${load.what}, ${server.name}: most`, value: median([most[number] ?? NaN]), unit: "/s" });
    }
    publish({
      name,
      about,
      comparisons,
      figures,
      errors: { failed, of: asked },
      facts: ["PostgreSQL of the tests, without fsync"],
    });
  } finally {
    for (const server of servers) await server.stop();
    await api.stop();
    await services.stop();
  }
};
