import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, createServer as createTcpServer, type Server as TcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { portOf } from "../../gateway/testing/gateway-under-test.ts";
import { call, type Reply } from "../../gateway/testing/http-client.ts";
import { kubeconfigAccess } from "../../kube/cluster-access.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/free-ports.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";

const instance = `gateway-${process.pid}`;
const selector = { "polyphony.dev/instance": instance };
const slugs: string[] = [];

let folder: string;
let kube: LiveKube;
let wire: { server: TcpServer; port: number; cut: () => Promise<void>; mend: () => Promise<void> };
let vault: Server;
let gateway: Running;

interface Running {
  process: ChildProcess;
  port: number;
  internalPort: number;
  lines: string[];
}

/** A cable to the API server that can be cut. */
const aWire = async (target: URL): Promise<typeof wire> => {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    const far = connect(Number(target.port), target.hostname);
    for (const end of [socket, far]) {
      open.add(end);
      end
        .on("error", () => undefined)
        .on("close", () => {
          open.delete(end);
          socket.destroy();
          far.destroy();
        });
    }
    socket.pipe(far).pipe(socket);
  });
  const [port = 0] = await freePorts(1);
  const mend = (): Promise<void> =>
    new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  await mend();
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return { server, port, cut, mend };
};

const kubeconfigVia = async (port: number): Promise<string> => {
  const original = readFileSync(started.kubeconfig(), "utf8");
  const file = join(folder, `kubeconfig-${port}`);
  const { server } = kubeconfigAccess(started.kubeconfig());
  await writeFile(file, original.replaceAll(server.origin, `https://127.0.0.1:${port}`), { mode: 0o600 });
  return file;
};

const startGateway = async (kubeconfig: string): Promise<Running> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../gateway/main.ts")], {
    env: {
      PATH: process.env["PATH"],
      BASE_DOMAIN: "polyphony.localhost",
      PUBLIC_URL_TEMPLATE: "http://{slug}.polyphony.localhost:8080",
      KUBECONFIG: kubeconfig,
      TENANT_SELECTOR: `polyphony.dev/instance=${instance}`,
      BACKEND_ORIGIN_TEMPLATE: "http://127.0.0.1:{port}",
      PORT: "0",
      INTERNAL_PORT: "0",
      SHUTDOWN_DELAY_MS: "3000",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const ports = await new Promise<{ port: number; internalPort: number }>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`the gateway ended:\n${lines.join("\n")}`)));
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      const said = JSON.parse(line) as { msg: string; port: number; internalPort: number };
      if (said.msg === "listening") resolve(said);
    });
  });
  return { process: child, lines, ...ports };
};

const untilReady = ({ internalPort }: Running): Promise<boolean> =>
  eventually("the gateway is ready", async () => (await call(internalPort, { path: "/readyz" })).status === 200, {
    strict: true,
  });

const hostOf = (slug: string): string => `${slug}.polyphony.localhost`;
const ask = (slug: string, path = "/"): Promise<Reply> => call(gateway.port, { host: hostOf(slug), path });

const createTenant = async (name: string, hosts: string[] = []): Promise<string> => {
  const slug = `${name}-${process.pid}`;
  slugs.push(slug);
  await kube.create(kinds.tenant, {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name: slug, labels: selector },
    spec: {
      organization: { id: "org_test", name: "Alto Ensemble" },
      template: "choir",
      plan: "free",
      owner: { email: "kari@example.org", name: "Kari" },
      ...(hosts.length > 0 && { hosts }),
    },
  });
  return slug;
};

const release = { name: "choir-1.0.0", version: "1.0.0", digest: `sha256:${"0".repeat(64)}`, schemaVersion: 1 };

const giveBackend = (slug: string, phase = "Active", port = portOf(vault)): Promise<unknown> =>
  kube.patchStatus(
    kinds.tenant,
    { name: slug },
    { status: { phase, release, backend: { namespace: "vault-0123456789ab", service: "vault", port } } },
  );

const untilStatus = (slug: string, status: number): Promise<boolean> =>
  eventually(`${slug} answers ${status}`, async () => (await ask(slug)).status === status, {
    everyMs: 5,
    strict: true,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "polyphony-gateway-"));
  const api = await connectApiServer();
  await installCrds(api);
  api.close();
  const access = kubeconfigAccess(started.kubeconfig());
  kube = createLiveKube({ access, fieldManager: "test-gateway" });
  wire = await aWire(access.server);
  vault = createServer((req, res) => res.end(`${req.headers.host ?? ""}${req.url ?? ""}`));
  await new Promise<void>((resolve) => vault.listen(0, "127.0.0.1", resolve));
  gateway = await startGateway(await kubeconfigVia(wire.port));
  await untilReady(gateway);
});

afterAll(async () => {
  for (const name of slugs) await kube.delete(kinds.tenant, { name }).catch(() => undefined);
  if (gateway.process.exitCode === null) gateway.process.kill("SIGKILL");
  kube.close();
  await wire.cut().catch(() => undefined);
  vault.closeAllConnections();
  vault.close();
  await rm(folder, { recursive: true, force: true });
});

describe("N1: the gateway and the API server", () => {
  it("explains a new Tenant at once and routes to it once its status says where, its own hosts included", async () => {
    const slug = await createTenant("alto", [`members-${process.pid}.example.org`]);
    await untilStatus(slug, 503);
    expect(JSON.parse((await ask(slug)).body)).toMatchObject({ type: "urn:polyphony:problem:vault-preparing" });
    await giveBackend(slug);
    await untilStatus(slug, 200);
    expect((await ask(slug, "/songs?x=1")).body).toBe(`${hostOf(slug)}/songs?x=1`);
    const own = await call(gateway.port, { host: `members-${process.pid}.example.org` });
    expect(own.status).toBe(200);
  });

  it("follows a change of a Tenant's own hosts, without a restart (K5)", async () => {
    const [before, after] = [`old-${process.pid}.example.org`, `new-${process.pid}.example.org`];
    const slug = await createTenant("moving", [before]);
    await giveBackend(slug);
    await untilStatus(slug, 200);
    const statusAt = async (host: string) => (await call(gateway.port, { host })).status;
    expect([await statusAt(before), await statusAt(after)]).toEqual([200, 404]);
    await kube.patch(kinds.tenant, { name: slug }, { spec: { hosts: [after] } });
    await eventually("its new host answers", async () => (await statusAt(after)) === 200, { everyMs: 5, strict: true });
    expect([await statusAt(before), await statusAt(after)]).toEqual([404, 200]);
  });

  it("follows suspension, and forgets a deleted Tenant", async () => {
    const slug = await createTenant("suspended");
    await giveBackend(slug);
    await untilStatus(slug, 200);
    await giveBackend(slug, "Suspended");
    await untilStatus(slug, 403);
    await kube.delete(kinds.tenant, { name: slug });
    await untilStatus(slug, 404);
  });

  it("serves on while the API server is away, stays ready, and catches up afterwards (I7)", async () => {
    const slug = await createTenant("lasting");
    await giveBackend(slug);
    await untilStatus(slug, 200);
    await wire.cut();
    const late = await createTenant("late");
    await giveBackend(late);
    for (let i = 0; i < 40; i += 1) {
      expect((await ask(slug)).status).toBe(200);
      await wait(50);
    }
    expect((await ask(late)).status).toBe(404);
    expect((await call(gateway.internalPort, { path: "/readyz" })).status).toBe(200);
    const { body } = await call(gateway.internalPort, { path: "/metrics" });
    expect(Number(/^polyphony_gateway_watch_age_seconds (.*)$/m.exec(body)?.[1])).toBeGreaterThan(1);
    await wire.mend();
    await untilStatus(late, 200);
    expect((await ask(slug)).status).toBe(200);
  });

  it("a gateway that starts while the API server is away is not ready, and is once it is back", async () => {
    const second = await aWire(kubeconfigAccess(started.kubeconfig()).server);
    await second.cut();
    const other = await startGateway(await kubeconfigVia(second.port));
    expect((await call(other.internalPort, { path: "/readyz" })).status).toBe(503);
    await second.mend();
    await untilReady(other);
    other.process.kill("SIGKILL");
    await second.cut();
  });

  it("SIGTERM: no request fails while it goes, and it goes", async () => {
    const slug = await createTenant("last");
    await giveBackend(slug);
    await untilStatus(slug, 200);
    const exited = new Promise<number | null>((resolve) => gateway.process.once("exit", resolve));
    gateway.process.kill("SIGTERM");
    const end = Date.now() + 500;
    const statuses = new Set<number>();
    while (Date.now() < end) statuses.add((await ask(slug)).status);
    expect([...statuses]).toEqual([200]);
    expect((await call(gateway.internalPort, { path: "/readyz" })).status).toBe(503);
    expect(await exited).toBe(0);
    const lines = gateway.lines.map((line) => JSON.parse(line) as { msg: string });
    expect(lines.at(-1)?.msg).toBe("stopped");
  });
});
