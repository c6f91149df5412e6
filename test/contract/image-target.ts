import { setTimeout as pause } from "node:timers/promises";
import { kinds, type Pod } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Demo } from "../e2e/support/demo-installation.ts";
import { imagePod, imagePorts, listMount, podNames, settingsMount, type PodRun } from "./image-pod.ts";
import { openPodLog, type PodLog } from "./pod-log.ts";
import type { Finished, RunningVault, VaultEnvironment, VaultTarget } from "./vault-target.ts";

export interface ImageTargetOptions {
  demo: Pick<Demo, "kube" | "kubectl">;
  /** By digest, already in the cluster or where the cluster can pull it. */
  image: string;
  namespace: string;
}

const containerOf = (pod: Pod) => pod.status?.containerStatuses?.[0];
const exitCodeOf = (pod: Pod): number | undefined => containerOf(pod)?.state?.terminated?.exitCode;
const hasEnded = (pod: Pod): boolean => exitCodeOf(pod) !== undefined || pod.status?.phase === "Failed";
const hasBegun = (pod: Pod): boolean => containerOf(pod)?.state?.running !== undefined || hasEnded(pod);

/** Follows a pod from its creation on, so that nothing is missed, until `wanted` holds. */
const podThat = async (kube: Kube, pod: Pod, wanted: (pod: Pod) => boolean, seconds = 60): Promise<Pod> => {
  const { name = "", namespace, resourceVersion = "" } = pod.metadata ?? {};
  const selection = { namespace, fieldSelector: `metadata.name=${name}`, resourceVersion, timeoutSeconds: seconds };
  let last = pod;
  for await (const { type, object } of kube.watch(kinds.pod, selection)) {
    if (type === "BOOKMARK") continue;
    last = object;
    if (wanted(last)) return last;
    const { reason = "", message = "" } = containerOf(last)?.state?.waiting ?? {};
    if (/Err|BackOff|Invalid/.test(reason)) throw new Error(`The pod ${name} cannot start: ${reason}. ${message}`);
  }
  throw new Error(`The pod ${name} is not as expected after ${seconds} s: ${JSON.stringify(last.status)}`);
};

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );

/** Waits for `/healthz`, for at most the ten seconds that the contract gives. */
const untilAlive = async (internalUrl: string, log: PodLog): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!(await answers(`${internalUrl}/healthz`))) {
    if (Date.now() > end) {
      throw new Error(`The vault does not answer on ${internalUrl}/healthz. It said:\n${JSON.stringify(log.read())}`);
    }
    await pause(50);
  }
};

/**
 * A vault as an image in pods of its own, secured as the operator secures them. Visitors come by the pod's address and
 * its log is read from the node, so it needs a cluster whose node is this machine (CLUSTER=local).
 */
export function imageTarget({ demo, image, namespace }: ImageTargetOptions): VaultTarget {
  const { kube, kubectl } = demo;
  let count = 0;
  const nextName = (what: string) => `${what}-${(count += 1)}`;
  const start = (run: Omit<PodRun, "namespace" | "image">): Promise<Pod> =>
    kube.create(kinds.pod, imagePod({ ...run, namespace, image }));

  const finish = async (pod: Pod): Promise<Finished> => {
    const ended = await podThat(kube, pod, hasEnded);
    const log = openPodLog(ended);
    const said = log.read();
    log.close();
    return { exitCode: exitCodeOf(ended) ?? -1, ...said };
  };

  const mountedList = async (name: string, list: string): Promise<string> => {
    await kube.create(kinds.secret, {
      metadata: { name, namespace },
      data: { [listMount.file]: Buffer.from(list).toString("base64") },
    });
    return name;
  };

  const feed = async (pod: Pod, list: string): Promise<void> => {
    await podThat(kube, pod, hasBegun);
    const name = pod.metadata?.name ?? "";
    // With stdinOnce the program's input ends when this does.
    await kubectl(["-n", namespace, "attach", name, "-c", podNames.container, "--stdin", "--quiet"], list);
  };

  const runningVault = (pod: Pod, address: string, log: PodLog): RunningVault => ({
    publicUrl: `http://${address}:${imagePorts.public}`,
    internalUrl: `http://${address}:${imagePorts.internal}`,
    output: () => Object.values(log.read()).join(""),
    terminate: async () => {
      await kube.delete(kinds.pod, { namespace, name: pod.metadata?.name ?? "" });
      return exitCodeOf(await podThat(kube, pod, hasEnded)) ?? -1;
    },
  });

  return {
    newSettings: async (values) => {
      const name = nextName("settings");
      const data = (files: VaultEnvironment) =>
        Object.fromEntries(Object.entries(files).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
      await kube.create(kinds.secret, { metadata: { name, namespace }, data: data(values) });
      const publish = async (files: VaultEnvironment): Promise<void> => {
        await kube.patch(kinds.secret, { name, namespace }, { data: data(files) });
      };
      // The kubelet brings a changed Secret to its pods within a minute and a half.
      return { path: `${settingsMount}/${name}`, publish, withinMs: 150_000 };
    },
    serve: async (environment) => {
      const pod = await start({ name: nextName("serve"), args: ["serve"], environment, publicUrl: true });
      const begun = await podThat(kube, pod, (now) => hasBegun(now) && now.status?.podIP !== undefined);
      const log = openPodLog(begun);
      const vault = runningVault(pod, begun.status?.podIP ?? "", log);
      await untilAlive(vault.internalUrl, log);
      return vault;
    },
    tryToServe: async (environment) =>
      finish(await start({ name: nextName("try"), args: ["serve"], environment, deadline: 12 })),
    migrate: async (list, by) => {
      const name = nextName("migrate");
      if (by === "file") {
        const args = ["migrate", `${listMount.folder}/${listMount.file}`];
        return finish(await start({ name, args, list: await mountedList(name, list) }));
      }
      const pod = await start({ name, args: ["migrate"], stdin: true });
      await feed(pod, list);
      return finish(pod);
    },
  };
}
