import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { createProgress } from "../../cluster/machine/progress.ts";
import { startPart, waitUntil, type Part } from "./child-process.ts";
import { freePorts } from "./free-ports.ts";

export interface ControlPlane {
  /** Of an account in system:masters (impersonation gives any other). */
  kubeconfigPath: string;
  url: string;
  token: string;
  /** The certificate authority of the API server, PEM. */
  ca: string;
  /** Absolute path of kubectl. */
  kubectl: string;
  /** The folder with its data and logs; gone after stop(). */
  folder: string;
  /** Kills the API server as if the machine had dropped it, and starts it again at the same address with the same data. */
  restartApiServer(options?: { downMs?: number }): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** etcd waits for the disk, as in production. Default false: tests are not about power cuts. */
  fsync?: boolean;
  /** Also run the scheduler (pods get a node when there is one, for kwok). Default false. */
  scheduler?: boolean;
}

/** The controllers that a test may meet; no node is here, so none of those that watch over nodes. */
const controllers = [
  ...["namespace", "garbage-collector", "serviceaccount", "serviceaccount-token", "root-ca-certificate-publisher"],
  ...["deployment", "replicaset", "statefulset", "job", "disruption"],
  ...["resourcequota", "endpoints", "endpointslice", "persistentvolumeclaim-protection", "pod-garbage-collector"],
].map((name) => `${name}-controller`);

/** Starts etcd, an API server with RBAC and every default admission plugin, and a controller manager, on free ports. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const tools = await ensureTools(["control-plane"], createProgress());
  const folder = await mkdtemp(join(tmpdir(), "polyphony-control-plane-"));
  const parts: Part[] = [];
  const stop = async () => {
    for (const part of [...parts].reverse()) await part.stop(part.name === "etcd" ? "SIGTERM" : "SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return await start(folder, parts, tools, options, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  folder: string,
  parts: Part[],
  tools: (name: string) => string,
  options: ControlPlaneOptions,
  stop: () => Promise<void>,
): Promise<ControlPlane> {
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const token = randomBytes(24).toString("hex");
  const url = `https://127.0.0.1:${apiPort}`;
  const file = (name: string) => join(folder, name);
  await writeKeys(file, token);
  const run = (name: string, args: string[]) => {
    const part = startPart({ name, program: tools(name), args, logFile: file(`${name}.log`) });
    parts.push(part);
    return part;
  };
  run("etcd", etcdArguments(file("etcd"), etcdPort, peerPort, options.fsync ?? false));
  const apiArguments = apiServerArguments(file, etcdPort, apiPort);
  let apiServer = run("kube-apiserver", apiArguments);
  await waitUntil("the API server", parts, () => isReady(url, token));

  const ca = await readFile(file("certificates/apiserver.crt"), "utf8");
  const kubeconfigPath = file("kubeconfig");
  await writeFile(kubeconfigPath, kubeconfig(url, ca, token), { mode: 0o600 });
  run("kube-controller-manager", controllerManagerArguments(file, kubeconfigPath, options.scheduler ?? false));
  if (options.scheduler) {
    run("kube-scheduler", [`--kubeconfig=${kubeconfigPath}`, "--leader-elect=false", "--secure-port=0"]);
  }
  const account = `${url}/api/v1/namespaces/default/serviceaccounts/default`;
  await waitUntil("the controller manager", parts, async () => (await get(account, token)) === 200);
  return {
    kubeconfigPath,
    url,
    token,
    ca,
    kubectl: tools("kubectl"),
    folder,
    async restartApiServer({ downMs = 0 } = {}) {
      await apiServer.stop("SIGKILL");
      parts.splice(parts.indexOf(apiServer), 1);
      await new Promise((resolve) => setTimeout(resolve, downMs));
      apiServer = run("kube-apiserver", apiArguments);
      await waitUntil("the API server", [apiServer], () => isReady(url, token));
    },
    stop,
  };
}

async function writeKeys(file: (name: string) => string, token: string): Promise<void> {
  const keys = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "sec1", format: "pem" },
  });
  await writeFile(file("service-accounts.key"), keys.privateKey, { mode: 0o600 });
  await writeFile(file("service-accounts.pub"), keys.publicKey);
  await writeFile(file("tokens.csv"), `${token},test-admin,test-admin,"system:masters"\n`, { mode: 0o600 });
}

const etcdArguments = (data: string, clientPort: number, peerPort: number, fsync: boolean): string[] => [
  `--data-dir=${data}`,
  `--listen-client-urls=http://127.0.0.1:${clientPort}`,
  `--advertise-client-urls=http://127.0.0.1:${clientPort}`,
  `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
  `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
  "--quota-backend-bytes=4294967296",
  ...(fsync ? [] : ["--unsafe-no-fsync"]),
];

const apiServerArguments = (file: (name: string) => string, etcdPort: number, port: number): string[] => [
  `--etcd-servers=http://127.0.0.1:${etcdPort}`,
  "--bind-address=127.0.0.1",
  "--advertise-address=127.0.0.1",
  "--endpoint-reconciler-type=none",
  `--secure-port=${port}`,
  `--cert-dir=${file("certificates")}`,
  "--service-cluster-ip-range=10.0.0.0/16",
  "--authorization-mode=RBAC",
  `--token-auth-file=${file("tokens.csv")}`,
  "--service-account-issuer=https://kubernetes.default.svc",
  `--service-account-key-file=${file("service-accounts.pub")}`,
  `--service-account-signing-key-file=${file("service-accounts.key")}`,
  // As kubeadm and kind have it: what a pod may is for pod security to say.
  "--allow-privileged=true",
  "--profiling=false",
];

const controllerManagerArguments = (
  file: (name: string) => string,
  kubeconfigPath: string,
  nodes: boolean,
): string[] => [
  `--kubeconfig=${kubeconfigPath}`,
  // The last one takes the taint from a node that has become ready.
  `--controllers=${[...controllers, ...(nodes ? ["node-lifecycle-controller"] : [])].join(",")}`,
  `--service-account-private-key-file=${file("service-accounts.key")}`,
  `--root-ca-file=${file("certificates/apiserver.crt")}`,
  "--use-service-account-credentials=true",
  "--leader-elect=false",
  "--secure-port=0",
  "--kube-api-qps=500",
  "--kube-api-burst=1000",
];

const isReady = async (url: string, token: string) => (await get(`${url}/readyz`, token)) === 200;

/** The status of a GET; trusts any certificate, since it only asks its own child on loopback whether it is up. */
function get(url: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const call = request(url, { headers, rejectUnauthorized: false, agent: false, timeout: 2000 }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    call.on("timeout", () => call.destroy(new Error(`${url} did not answer`)));
    call.on("error", reject);
    call.end();
  });
}

function kubeconfig(url: string, ca: string, token: string): string {
  const cluster = { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test-admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test-admin" } }],
  });
}
