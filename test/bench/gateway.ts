import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { cpuTime } from "./load/cpu-time.ts";
import type { Asked, Asking } from "./load/keep-asking.ts";
import { baseDomain, type LoadedServer, startCaddy, startGateway, startNginx, startPods } from "./load/servers.ts";
import { type Comparison, type Figure, publish, sized } from "./findings.ts";
import { median } from "./report.ts";
import type { Round } from "./rounds.ts";

// gateway: what passing a request on costs. Client, pods and the server measured share this machine's cores, so requests
// per second say little; the CPU time of the server's own process for each request says how many a core can do.

const rounds = sized("ROUNDS", { whole: 5, short: 1 });
const seconds = sized("SECONDS", { whole: 2, short: 0.5 });
const manyHosts = 5000;
const connections = 50;
const client = join(import.meta.dirname, "load/keep-asking.ts");

type Load = { path: "/1k" | "/1m"; hosts: number };
type Measured = Asked & { rate: number; cpu: number };

let failed = 0;
let answers = 0;

const load = async (server: LoadedServer, { path, hosts }: Load): Promise<Measured> => {
  const asking: Asking = { port: server.port, path, hosts, domain: baseDomain, connections, seconds };
  const before = await cpuTime(server.pid);
  const asked = JSON.parse(await runCommand(process.execPath, [client, JSON.stringify(asking)])) as Asked;
  const used = (await cpuTime(server.pid)) - before;
  failed += asked.errors;
  answers += asked.answers;
  return { ...asked, rate: asked.answers / asked.seconds, cpu: used / asked.answers };
};

type Side = { server: LoadedServer; load: Load; measured: Measured[] };

const folder = await mkdtemp(join(tmpdir(), "polyphony-gateway-"));
const stops: (() => Promise<void>)[] = [];
const started = async (starting: Promise<LoadedServer>): Promise<LoadedServer> => {
  const server = await starting;
  stops.push(() => server.stop());
  return server;
};

const roundsOf = (subject: Side, against: Side, of: (measured: Measured) => number): Round[] =>
  subject.measured.map((one, index) => ({ subject: of(one), floor: of(against.measured[index] ?? one) }));

const middle = (side: Side, of: (measured: Measured) => number): number => median(side.measured.map(of));

const figuresOf = (side: Side): Figure[] => {
  const what = `${side.server.name}, ${side.load.path.slice(1)}`;
  return [
    { what: `${what}: answers`, value: middle(side, ({ rate }) => rate), unit: "/s" },
    { what: `${what}: p99`, value: middle(side, ({ p99 }) => p99), unit: "ms" },
  ];
};

try {
  const pods = await started(startPods());
  const one = await started(startGateway(folder, 1, pods));
  const many = await started(startGateway(folder, manyHosts, pods));
  const nginx = await started(startNginx(folder, pods));
  const caddy = await started(startCaddy(folder, pods));
  const small: Load = { path: "/1k", hosts: 1 };
  const large: Load = { path: "/1m", hosts: 1 };
  const sides = {
    pod: { server: pods, load: small, measured: [] } as Side,
    gateway: { server: one, load: small, measured: [] } as Side,
    hosts: { server: many, load: { path: "/1k", hosts: manyHosts }, measured: [] } as Side,
    nginx: { server: nginx, load: small, measured: [] } as Side,
    caddy: { server: caddy, load: small, measured: [] } as Side,
    podLarge: { server: pods, load: large, measured: [] } as Side,
    gatewayLarge: { server: one, load: large, measured: [] } as Side,
    nginxLarge: { server: nginx, load: large, measured: [] } as Side,
    caddyLarge: { server: caddy, load: large, measured: [] } as Side,
  };
  // Unmeasured, twice: compiled code and connections are warm.
  for (const side of [...Object.values(sides), ...Object.values(sides)]) await load(side.server, side.load);
  failed = 0;
  answers = 0;
  for (let index = 0; index < rounds; index += 1) {
    const order = Object.values(sides);
    for (const side of index % 2 === 0 ? order : order.reverse())
      side.measured.push(await load(side.server, side.load));
    const told = Object.entries(sides).map(
      ([name, { measured }]) => `${name} ${(measured.at(-1)?.cpu ?? 0).toFixed(0)}`,
    );
    process.stdout.write(`round ${String(index + 1)} of ${String(rounds)}, CPU-µs for each: ${told.join(" · ")}\n`);
  }
  const cpu = ({ cpu: value }: Measured): number => value;
  const compare = (what: string, subject: Side, against: Side, goal?: Comparison["goal"]): Comparison => ({
    what,
    unit: "CPU-µs",
    against: against.server.name,
    rounds: roundsOf(subject, against, cpu),
    ...(goal ? { goal } : {}),
  });
  publish({
    name: "gateway",
    about: `${String(connections)} kept connections that ask again as soon as they are answered, ${String(seconds)} s each; CPU time of the process measured for each answer.
The gateway reads its vaults by a watch, each with an address of its own. Floor: the process that stands for the pods. Peers: Caddy
(GOMAXPROCS=1) and Debian's nginx (one worker), each with an access log and kept connections to the pods.`,
    comparisons: [
      compare("1 kB, against the pod's own work", sides.gateway, sides.pod),
      compare("1 kB", sides.gateway, sides.caddy, { atMost: 1 }),
      compare("1 MB", sides.gatewayLarge, sides.caddyLarge, { atMost: 1 }),
      compare("1 kB", sides.gateway, sides.nginx),
      compare("1 MB", sides.gatewayLarge, sides.nginxLarge),
      compare(`1 kB, ${String(manyHosts)} hosts`, sides.hosts, sides.gateway, { atMost: 1.05 }),
    ],
    figures: Object.values(sides).flatMap(figuresOf),
    errors: { failed, of: answers },
    facts: [],
  });
} finally {
  for (const stop of stops.reverse()) await stop();
  await rm(folder, { recursive: true, force: true });
}
