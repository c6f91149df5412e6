import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { makeAdmin } from "../../../control-api/platform/make-admin.ts";
import { runCommand } from "../../../cluster/machine/run-command.ts";
import { type ControlApi, startControlApi } from "../../builders/a-control-api.ts";
import { registerAndProve } from "../../builders/a-registered-organization.ts";
import { anApiClient } from "../../builders/an-api-client.ts";
import { startTestServices } from "../../harness/test-services.ts";
import { type Comparison, type Figure, publish, sized } from "../findings.ts";
import { inParallel } from "../in-parallel.ts";
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

const rounds = sized("ROUNDS", { whole: 5, short: 1 });
const seconds = sized("SECONDS", { whole: 3, short: 0.5 });
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

/** What all loads share: who asks whom, and how many answers there were. */
interface Contest {
  readonly servers: readonly Server[];
  readonly headers: Readonly<Record<string, string>>;
  readonly count: { asked: number; failed: number };
}

/** An owner who is staff too, and organizations enough to fill a page. Returns their session's headers and hash. */
const populate = async (api: ControlApi) => {
  const owner = anApiClient(api.url);
  const email = "owner@bench.example";
  await registerAndProve(api, owner, slug, email);
  const others = Array.from({ length: 50 }, (_other, number) => `bench-choir-${String(number)}`);
  const { failed, first } = await inParallel(others, 8, (other) =>
    registerAndProve(api, anApiClient(api.url), other, `${other}@bench.example`),
  );
  if (failed > 0) throw new Error(`${String(failed)} organizations could not be registered.`, { cause: first });
  await makeAdmin(api.accounts, { email, name: "Bench" });
  const session = await api.registry.asPlatform((transaction) =>
    transaction("sessions as e")
      .join("people as p", "p.id", "e.person_id")
      .where("p.email", email)
      .first<{ token_hash: string }>("e.token_hash"),
  );
  return { headers: owner.headers(), sessionHash: session.token_hash };
};

/** One pass at one server: as many a second as asked for, or as many as it can. */
const measure = async (
  { headers, count }: Contest,
  server: Server,
  load: ApiLoad,
  perSecond: number | null,
): Promise<Measured> => {
  const { method, path, body } = load;
  const asking: ApiAsking = {
    ...{ url: server.url, method, path: path.replace("{slug}", slug), connections, perSecond, seconds },
    ...(body === undefined ? { headers } : { headers: { ...headers, "content-type": "application/json" }, body }),
  };
  const before = await cpuTime(server.pid);
  const told = JSON.parse(await runCommand(process.execPath, [client, JSON.stringify(asking)])) as ApiAsked;
  const used = (await cpuTime(server.pid)) - before;
  count.failed += told.errors;
  count.asked += told.answers + told.errors;
  return { cpu: used / told.answers, p99: told.p99, rate: told.answers / told.seconds };
};

/** What each can do at most. Measured the second time: compiled code, connections and prepared plans are warm then. */
const mostOf = async (contest: Contest, load: ApiLoad): Promise<number[]> => {
  const most: number[] = [];
  for (const server of contest.servers) {
    await measure(contest, server, load, null);
    most.push((await measure(contest, server, load, null)).rate);
  }
  return most;
};

/** Rounds at part of what each can do, each server first in turn; by server. */
const inRounds = async (contest: Contest, load: ApiLoad, most: readonly number[]): Promise<Measured[][]> => {
  const { servers } = contest;
  const found: Measured[][] = servers.map(() => []);
  for (let index = 0; index < rounds; index += 1) {
    const order = [...servers.entries()];
    for (const [number, server] of index % 2 === 0 ? order : order.reverse())
      found[number]?.push(await measure(contest, server, load, (most[number] ?? 1) * share));
    const told = servers.map((server, number) => `${server.name} ${(found[number]?.at(-1)?.cpu ?? 0).toFixed(0)}`);
    process.stdout.write(`${load.what}, round ${String(index + 1)}, CPU-µs: ${told.join(" · ")}\n`);
  }
  return found;
};

const compared = (what: string, [ours = [], floor = [], peer = []]: readonly Measured[][]): Comparison[] => {
  const pairs = (other: readonly Measured[], of: keyof Measured) =>
    ours.map((one, index) => ({ subject: one[of], floor: (other[index] ?? one)[of] }));
  const unit = "CPU-µs";
  return [
    { what, unit, against: "fastify and pg", rounds: pairs(floor, "cpu"), goal: { atMost: 2 } },
    { what, unit, against: "express and knex", rounds: pairs(peer, "cpu"), goal: { atMost: 0.7 } },
    { what: `${what}, p99 at 70 % load`, unit: "ms", against: "fastify and pg", rounds: pairs(floor, "p99") },
  ];
};

/** Measures the control API beside the floor and the peer at each load, and publishes what was found. */
export const compareApis = async (name: string, about: string, loads: readonly ApiLoad[]): Promise<void> => {
  const services = await startTestServices();
  Object.assign(process.env, services.env);
  const api = await startControlApi({ RATE_LIMITS_FACTOR: "1000000" });
  const servers: Server[] = [];
  const count = { asked: 0, failed: 0 };
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  try {
    const { headers, sessionHash } = await populate(api);
    const env = { DATABASE_URL: api.accounts.platform, SESSION_HASH: sessionHash };
    const another = await api.programs.startApi();
    servers.push({ name: "ours", url: another.url, pid: another.pid, stop: () => another.kill() });
    servers.push(await startBare("fastify", env), await startBare("express", env));
    for (const load of loads) {
      const contest = { servers, headers, count };
      const most = await mostOf(contest, load);
      comparisons.push(...compared(load.what, await inRounds(contest, load, most)));
      for (const [number, server] of servers.entries())
        figures.push({ what: `${load.what}, ${server.name}: most`, value: most[number] ?? NaN, unit: "/s" });
    }
    const errors = { failed: count.failed, of: count.asked };
    publish({ name, about, comparisons, figures, errors, facts: ["PostgreSQL of the tests, without fsync"] });
  } finally {
    for (const server of servers) await server.stop();
    await api.stop();
    await services.stop();
  }
};
