import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { checkoutFolder } from "../../cluster/machine/folders.ts";
import { createProgress } from "../../cluster/machine/progress.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { startPart, waitUntil, type Part } from "./child-process.ts";
import { freePorts } from "./free-ports.ts";
import type { ControlPlane } from "./control-plane.ts";

const stages = [
  "node/fast/node-initialize",
  "node/heartbeat-with-lease/node-heartbeat-with-lease",
  "pod/fast/pod-ready",
  "pod/fast/pod-complete",
  "pod/fast/pod-delete",
];

/**
 * Gives a control plane a node that is not there (kwok): its pods become Ready, Jobs complete and deleted pods go, but nothing is run. The
 * control plane needs `scheduler: true`. Stop the returned part before the control plane.
 */
export async function startFakeNodes(
  controlPlane: Pick<ControlPlane, "kubeconfigPath" | "kubectl" | "folder">,
  count = 1,
): Promise<Part> {
  const kwok = (await ensureTools(["kwok"], createProgress()))("kwok");
  const tools = join(checkoutFolder, "cluster", "tools", "extras");
  const module = (await runCommand("go", ["list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"], { cwd: tools })).trim();
  const texts = await Promise.all(
    stages.map((stage) => readFile(join(module, "kustomize", "stage", `${stage}.yaml`), "utf8")),
  );
  const config = join(controlPlane.folder, "kwok.yaml");
  await writeFile(config, texts.join("\n---\n"));
  const [port = 0] = await freePorts(1);
  const part = startPart({
    name: "kwok",
    program: kwok,
    args: [
      `--kubeconfig=${controlPlane.kubeconfigPath}`,
      `--config=${config}`,
      "--manage-all-nodes=false",
      "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
      "--node-lease-duration-seconds=40",
      `--server-address=127.0.0.1:${port}`,
    ],
    logFile: join(controlPlane.folder, "kwok.log"),
  });
  const kubectl = (args: string[], input = "") =>
    runCommand(controlPlane.kubectl, [`--kubeconfig=${controlPlane.kubeconfigPath}`, ...args], { input });
  const names = Array.from({ length: count }, (_, index) => `fake-${index}`);
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: names.map(fakeNode) }));
  const path = "jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}";
  await waitUntil("the fake nodes", [part], async () => {
    const states = (await kubectl(["get", "nodes", "-l", "type=kwok", "-o", path])).split(" ");
    return states.length >= count && states.every((state) => state === "True");
  });
  return part;
}

const fakeNode = (name: string): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    annotations: { "kwok.x-k8s.io/node": "fake" },
    labels: {
      type: "kwok",
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
    },
  },
  status: {
    allocatable: { cpu: "1000", memory: "4Ti", pods: "10000" },
    capacity: { cpu: "1000", memory: "4Ti", pods: "10000" },
  },
});
