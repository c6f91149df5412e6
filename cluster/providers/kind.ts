import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { ensureTools } from "../ensure-tools.ts";
import { layout } from "../local/layout.ts";
import { publicNames } from "../local/settings.ts";
import { runCommand, tryCommand } from "../machine/run-command.ts";
import { findProgram } from "../tools/debian-packages.ts";
import { startClusterForwarder, stopClusterForwarder } from "./port-forwarder.ts";
import { stateFiles, writeState } from "../state.ts";
import type { ClusterProvider } from "./provider.ts";

const cluster = "polyphony";
const node = `${cluster}-control-plane`;

/** A cluster in Docker by kind, for people who have both. */
export function createKindProvider(): ClusterProvider {
  const kind = async (...args: string[]) => runCommand(await programs(), args);
  const exists = async () => (await kind("get", "clusters")).split("\n").includes(cluster);
  return {
    kind: "kind",
    clusterAddressesAnswer: false,
    async up(progress) {
      if (await exists()) progress.step(`the kind cluster ${cluster} is up already`);
      else {
        progress.step(`kind is making the cluster ${cluster} (a minute or two)`);
        await kind("create", "cluster", "--name", cluster, "--wait", "120s", "--kubeconfig", "/dev/null");
      }
      const kubeconfig = await kind("get", "kubeconfig", "--name", cluster);
      await writeState(stateFiles.kubeconfig, kubeconfig);
      await rewriteNames(kubeconfig);
      await startClusterForwarder(progress);
      return kubeconfig;
    },
    async down(progress) {
      await stopClusterForwarder();
      progress.step(`deleting the kind cluster ${cluster}`);
      await kind("delete", "cluster", "--name", cluster, "--kubeconfig", "/dev/null");
    },
    async status() {
      if (!(await exists())) return ["kind cluster: not running. Start it with: CLUSTER=kind make cluster-up"];
      return [
        `kind cluster ${cluster}:`,
        ...(await runCommand("docker", ["ps", "--filter", `name=${node}`])).trimEnd().split("\n"),
      ];
    },
    logs: (part, { follow, lines }) => showLogs(part, follow, lines),
    loadImage: (archive, { name, digest }) => importInNode(archive, name, digest),
  };
}

async function programs(): Promise<string> {
  const kind = await findProgram("kind");
  if (!kind || !(await findProgram("docker"))) {
    throw new Error(
      "CLUSTER=kind needs `kind` and `docker` in PATH. Without Docker, the local cluster needs neither: leave CLUSTER out.",
    );
  }
  return kind;
}

/** The same import as on the local cluster, inside kind's node: pods then name the image by its digest. */
function importInNode(archive: string, name: string, digest: string): Promise<string> {
  const ctr = [
    "ctr",
    "--namespace",
    "k8s.io",
    "images",
    "import",
    "--digests",
    "--base-name",
    `docker.io/local/${name}`,
    "-",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("docker", ["exec", "-i", node, ...ctr], { stdio: ["pipe", "ignore", "inherit"] });
    createReadStream(archive)
      .on("error", reject)
      .pipe(child.stdin)
      .on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(`docker.io/local/${name}@${digest}`);
      else reject(new Error(`the node ${node} did not take the image ${name} (exit ${code})`));
    });
  });
}

/** Names of the base domain lead to the gateway's Service in kind's own CoreDNS too. */
async function rewriteNames(kubeconfig: string): Promise<void> {
  const kubectl = (await ensureTools(["kubectl"]))("kubectl");
  const env = { KUBECONFIG: stateFiles.kubeconfig };
  if (kubeconfig === "") return;
  const corefile = await runCommand(
    kubectl,
    ["-n", "kube-system", "get", "configmap", "coredns", "-o", "jsonpath={.data.Corefile}"],
    { env },
  );
  const rewritten = withRewrite(corefile);
  if (rewritten === corefile) return;
  const patch = JSON.stringify({ data: { Corefile: rewritten } });
  await runCommand(kubectl, ["-n", "kube-system", "patch", "configmap", "coredns", "--type=merge", "-p", patch], {
    env,
  });
  await runCommand(kubectl, ["-n", "kube-system", "rollout", "restart", "deployment/coredns"], { env });
}

const rewrite = `rewrite stop name regex ${publicNames(layout.baseDomain, layout.consoleHost)} ${layout.gatewayService} answer auto`;

/** A Corefile whose first server answers for public names with the gateway's Service. */
export function withRewrite(corefile: string): string {
  if (corefile.includes(rewrite)) return corefile;
  return corefile.replace(/^(\S*:53 \{\n)/m, `$1    ${rewrite}\n`);
}

async function showLogs(part: string | undefined, follow: boolean, lines: number): Promise<void> {
  const unit = part ?? "kubelet";
  if (unit === "kubelet" || unit === "containerd") {
    const journal = ["journalctl", "--no-pager", "-u", unit, "-n", String(lines), ...(follow ? ["-f"] : [])];
    const child = spawn("docker", ["exec", node, ...journal], { stdio: "inherit" });
    await new Promise((resolve) => child.once("close", resolve));
    return;
  }
  const kubectl = (await ensureTools(["kubectl"]))("kubectl");
  const pod = await tryCommand(kubectl, [
    "--kubeconfig",
    stateFiles.kubeconfig,
    "-n",
    "kube-system",
    "logs",
    `--tail=${lines}`,
    `${unit}-${node}`,
  ]);
  process.stdout.write(pod.stdout + pod.stderr);
}
