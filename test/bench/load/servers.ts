import { spawn, type ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { ensureTools } from "../../../cluster/ensure-tools.ts";
import { createProgress } from "../../../cluster/machine/progress.ts";
import { buildGateway } from "../../../gateway/build.ts";
import { kinds } from "../../../kube/kinds.ts";
import { aRelease, aTenant } from "../../builders/a-world.ts";
import { type Part, startPart, waitUntil } from "../../harness/child-process.ts";
import { freePorts } from "../../harness/free-ports.ts";
import { startReplicaServer } from "../world/replica-server.ts";

/** A server under load: where it listens, and the process whose time is counted. */
export type LoadedServer = { name: string; port: number; pid: number; stop(): Promise<void> };

export const baseDomain = "polyphony.localhost";

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
};

/** The stand-in for pods, on every address of 127.0.0.0/8. */
export const startPods = async (): Promise<LoadedServer> => {
  const program = join(import.meta.dirname, "answer-fixed.ts");
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { name: "the pod itself", port: Number(line.toString()), pid: child.pid ?? 0, stop: () => stopChild(child) };
};

const opens = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${String(port)}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

/** Our gateway as a process of its own, with so many vaults, each at an address of its own. */
export const startGateway = async (folder: string, vaults: number, pods: LoadedServer): Promise<LoadedServer> => {
  await buildGateway(folder);
  const pattern = aTenant({
    metadata: { name: "slug-pattern" },
    status: {
      phase: "Active",
      release: aRelease().spec,
      backend: { namespace: "address-pattern", service: "vault", port: 8080 },
    },
  } as never);
  const replica = await startReplicaServer(folder, [{ kind: kinds.tenant, objects: [pattern] }], (n) => [
    ["slug-pattern", `slug-${String(n)}`],
    // The last two numbers of the vault's address.
    ["address-pattern", `${String(Math.floor(n / 250) + 1)}.${String((n % 250) + 1)}`],
  ]);
  replica.resize(vaults);
  const [port = 0, internalPort = 0] = await freePorts(2);
  const part = startPart({
    name: "gateway",
    program: process.execPath,
    args: ["--max-semi-space-size=4", join(folder, "gateway.mjs")],
    logFile: join(folder, `gateway-${String(vaults)}.log`),
    env: {
      BASE_DOMAIN: baseDomain,
      PORT: String(port),
      INTERNAL_PORT: String(internalPort),
      KUBECONFIG: replica.kubeconfig,
      BACKEND_ORIGIN_TEMPLATE: `http://127.0.{namespace}:${String(pods.port)}`,
    },
  });
  await waitUntil("the gateway", [part], () => opens(internalPort));
  return {
    name: vaults === 1 ? "gateway, 1 host" : `gateway, ${String(vaults)} hosts`,
    port,
    pid: part.pid,
    stop: async () => {
      await part.stop("SIGKILL");
      await replica.close();
    },
  };
};

const nginxSettings = (folder: string, port: number, pods: LoadedServer): string => `
daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
events { worker_connections 1024; }
http {
  access_log ${folder}/nginx-access.log combined buffer=4k flush=1s;
  client_body_temp_path ${folder}/nginx-body; proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-f; uwsgi_temp_path ${folder}/nginx-u; scgi_temp_path ${folder}/nginx-s;
  keepalive_requests 1000000;
  upstream pods { server 127.0.0.1:${String(pods.port)}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${String(port)};
    server_name *.${baseDomain};
    location / {
      proxy_pass http://pods; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_buffering on;
    }
  }
}`;

const untilItAnswers = (name: string, port: number, part: Part): Promise<void> =>
  waitUntil(name, [part], () =>
    fetch(`http://127.0.0.1:${String(port)}/1k`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );

const caddySettings = (folder: string, port: number, pods: LoadedServer): string => `
{
  admin off
  auto_https off
  persist_config off
  storage file_system ${folder}/caddy
}
http://*.${baseDomain}:${String(port)}, http://127.0.0.1:${String(port)} {
  bind 127.0.0.1
  log {
    output file ${folder}/caddy-access.log
  }
  reverse_proxy 127.0.0.1:${String(pods.port)}
}`;

/** Caddy on one core, with an access log as ours has. */
export const startCaddy = async (folder: string, pods: LoadedServer): Promise<LoadedServer> => {
  const program = (await ensureTools(["caddy"], createProgress()))("caddy");
  const [port = 0] = await freePorts(1);
  const settings = join(folder, "Caddyfile");
  await writeFile(settings, caddySettings(folder, port, pods));
  const part = startPart({
    name: "caddy",
    program,
    args: ["run", "--config", settings, "--adapter", "caddyfile"],
    logFile: join(folder, "caddy.log"),
    env: { GOMAXPROCS: "1", HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  await untilItAnswers("Caddy", port, part);
  return { name: "Caddy", port, pid: part.pid, stop: () => part.stop("SIGKILL") };
};

/** Debian's nginx with one worker, to the same pods over kept connections, with an access log as ours has. */
export const startNginx = async (folder: string, pods: LoadedServer): Promise<LoadedServer> => {
  const program = (await ensureTools(["nginx"], createProgress()))("nginx");
  const [port = 0] = await freePorts(1);
  const settings = join(folder, "nginx.conf");
  await writeFile(settings, nginxSettings(folder, port, pods));
  const part = startPart({
    name: "nginx",
    program,
    args: ["-c", settings, "-p", folder],
    logFile: join(folder, "nginx.log"),
  });
  await untilItAnswers("nginx", port, part);
  return { name: "nginx", port, pid: part.pid, stop: () => part.stop("SIGKILL") };
};
