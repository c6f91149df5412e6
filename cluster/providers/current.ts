import { createInterface } from "node:readline/promises";
import { ensureTools } from "../ensure-tools.ts";
import { runCommand, tryCommand } from "../machine/run-command.ts";
import { stateFiles, writeState } from "../state.ts";
import { startClusterForwarder, stopClusterForwarder } from "./port-forwarder.ts";
import type { ClusterProvider } from "./provider.ts";

/** The cluster of the person's own kubeconfig: used only when said, and after a yes. Nothing of it is made or deleted here. */
export function createCurrentProvider(env: NodeJS.ProcessEnv = process.env): ClusterProvider {
  return {
    kind: "current",
    clusterAddressesAnswer: false,
    async up(progress) {
      const kubectl = (await ensureTools(["kubectl"], progress))("kubectl");
      // Flat and minified: a copy of the one context, which later commands keep to whatever the person switches to.
      const view = await tryCommand(kubectl, ["config", "view", "--minify", "--flatten", "--raw"]);
      if (view.code !== 0)
        throw new Error(
          `there is no current context: ${view.stderr.trim()}\nSet one with: kubectl config use-context <name>`,
        );
      const context = (await runCommand(kubectl, ["config", "current-context"])).trim();
      const server = (
        await runCommand(kubectl, ["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"])
      ).trim();
      await askFirst(context, server, env);
      const answer = await tryCommand(kubectl, ["version", "--request-timeout=10s"]);
      if (answer.code !== 0) throw new Error(`the cluster at ${server} does not answer: ${answer.stderr.trim()}`);
      await writeState(stateFiles.kubeconfig, view.stdout);
      await startClusterForwarder(progress);
      return view.stdout;
    },
    async down(progress) {
      await stopClusterForwarder();
      progress.step("stopped the forwarder; the cluster itself is yours and stays as it is");
    },
    async status() {
      const kubectl = (await ensureTools(["kubectl"]))("kubectl");
      const info = await tryCommand(kubectl, [
        "--kubeconfig",
        stateFiles.kubeconfig,
        "cluster-info",
        "--request-timeout=10s",
      ]);
      return info.code === 0
        ? info.stdout.trimEnd().split("\n")
        : ["current cluster: not in use. Begin with: CLUSTER=current make cluster-up"];
    },
    logs: () => Promise.reject(new Error("the logs of this cluster's parts are with whoever runs it")),
    loadImage: (archive, image) => pushImage(archive, image, env),
  };
}

async function askFirst(context: string, server: string, env: NodeJS.ProcessEnv): Promise<void> {
  const question = `This will install Polyphony on the cluster of the context "${context}"\n  at ${server}\n`;
  process.stderr.write(question);
  if (env["YES"] === "1") return;
  if (!process.stdin.isTTY) throw new Error("Nobody can be asked here. If this is the right cluster, say YES=1.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Type "yes" to go on: ');
  terminal.close();
  if (answer.trim() !== "yes") throw new Error("Stopped; nothing was changed.");
}

/** A cluster elsewhere pulls its images: they are pushed to the registry in IMAGE_REGISTRY, and named by digest. */
async function pushImage(
  archive: string,
  { name, digest }: { name: string; digest: string },
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const registry = env["IMAGE_REGISTRY"];
  if (!registry) {
    throw new Error(
      "CLUSTER=current needs IMAGE_REGISTRY=<registry/folder>: where to push images so that the cluster can pull them.",
    );
  }
  const buildah = (await ensureTools(["buildah"]))("buildah");
  const reference = `${registry.replace(/\/$/, "")}/${name}`;
  const id = (
    await runCommand(buildah, ["--storage-driver", "vfs", "pull", "--quiet", `oci-archive:${archive}`])
  ).trim();
  const digestFile = `${stateFiles.images}.pushed`;
  await runCommand(buildah, [
    "--storage-driver",
    "vfs",
    "push",
    "--quiet",
    "--digestfile",
    digestFile,
    id,
    `docker://${reference}`,
  ]);
  const pushed = (await runCommand("cat", [digestFile])).trim();
  return `${reference}@${pushed || digest}`;
}
