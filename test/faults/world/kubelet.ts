import { isConflict, isNotFound } from "../../../kube/errors.ts";
import { kind, kinds, type Pod } from "../../../kube/kinds.ts";
import type { Kube, KubeObject } from "../../../kube/kube.ts";
import { createReflector } from "../../../kube/reflector.ts";
import { migrate, type MigrationLine, serve, type Serving } from "./application.ts";

/** Something that a vault's visitors would have noticed. */
export interface Outage {
  readonly namespace: string;
  readonly what: string;
  readonly atMs: number;
}

/** Stands for scheduler, kubelet and container: pods get a node and an address, and what they run is run in here. */
export interface Kubelet {
  /** Failed reads of pods that were ready, and moments in which a namespace lost its last ready pod. */
  readonly outages: readonly Outage[];
  /** Pods that were started in a namespace without the policy that closes it. */
  readonly unguarded: string[];
  stop(): Promise<void>;
}

const nodeName = "stand-in";
const binding = kind<KubeObject & { target: object }>("v1", "Binding", "bindings", true);
const node = kind("v1", "Node", "nodes", false);

interface Running {
  readonly ref: { name: string; namespace: string };
  serving?: Serving;
  ready: boolean;
  ending: boolean;
}

const condition = (type: string, status: "True" | "False") => ({ type, status, lastTransitionTime: null });

const statusOf = (pod: Pod, address: string, ready: boolean) => ({
  phase: "Running",
  podIP: address,
  podIPs: [{ ip: address }],
  hostIP: "10.1.0.1",
  startTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  conditions: [
    condition("PodScheduled", "True"),
    condition("Initialized", "True"),
    condition("ContainersReady", ready ? "True" : "False"),
    condition("Ready", ready ? "True" : "False"),
  ],
  containerStatuses: (pod.spec?.containers ?? []).map(({ name, image = "" }) => ({
    name,
    image,
    imageID: image,
    ready,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: null } },
  })),
});

const ended = (pod: Pod, said: string, ok: boolean) => ({
  phase: ok ? "Succeeded" : "Failed",
  containerStatuses: (pod.spec?.containers ?? []).map(({ name, image = "" }) => ({
    name,
    image,
    imageID: image,
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode: ok ? 0 : 1, reason: ok ? "Completed" : "Error", message: said.slice(-2000) } },
  })),
});

/** What the API server loses or knows already is none of a kubelet's business. */
const forgiving = (error: unknown): undefined => {
  if (isNotFound(error) || isConflict(error)) return undefined;
  throw error;
};

const decoded = (data: Record<string, string> | undefined, key: string): string =>
  Buffer.from(data?.[key] ?? "", "base64").toString("utf8");

export const startKubelet = async (kube: Kube): Promise<Kubelet> => {
  const running = new Map<string, Running>();
  const outages: Outage[] = [];
  const unguarded: string[] = [];
  let addresses = 0;
  const stopping = new AbortController();

  /** Tries again while the API server is away, as a kubelet does. */
  const persist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    for (;;) {
      try {
        return await work().catch(forgiving);
      } catch {
        if (stopping.signal.aborted) return undefined;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };

  const report = (ref: Running["ref"], status: object): Promise<unknown> =>
    persist(() => kube.patchStatus(kinds.pod, ref, { status }));

  const othersReady = (namespace: string): boolean =>
    [...running.values()].some((one) => one.ref.namespace === namespace && one.ready && !one.ending);

  const lost = (one: Running, what: string): void => {
    if (!one.ready || othersReady(one.ref.namespace)) return;
    outages.push({ namespace: one.ref.namespace, what, atMs: performance.now() });
  };

  const serveIn = async (pod: Pod, one: Running): Promise<void> => {
    const { namespace } = one.ref;
    const schema = Number(pod.spec?.containers[0]?.args?.[1] ?? 1);
    const policy = await persist(() => kube.find(kinds.networkPolicy, { namespace, name: "default-deny" }));
    if (!policy) unguarded.push(namespace);
    const address = `10.1.${Math.floor(addresses / 250) % 250}.${(addresses++ % 250) + 2}`;
    await report(one.ref, statusOf(pod, address, false));
    // As a kubelet resolves env: read once, at the start; waited for while it is not there.
    let url = "";
    while (url === "" && !one.ending) {
      const secret = await persist(() => kube.find(kinds.secret, { namespace, name: "vault" }));
      url = decoded(secret?.data, "DATABASE_URL");
      if (url === "") await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (one.ending) return;
    one.serving = serve({
      url,
      schema,
      onReady: () => {
        one.ready = !one.ending;
        void report(one.ref, statusOf(pod, address, true));
      },
      onFailedRead: ({ message }) => {
        if (!one.ending) outages.push({ namespace, what: `a read failed: ${message}`, atMs: performance.now() });
      },
    });
  };

  const migrateIn = async (pod: Pod, one: Running): Promise<void> => {
    const { namespace } = one.ref;
    const target = Number(pod.spec?.containers[0]?.args?.[1] ?? 1);
    const file = pod.spec?.containers[0]?.args?.at(-1)?.split("/").at(-1) ?? "";
    const name = pod.spec?.volumes?.find(({ secret }) => secret)?.secret?.secretName ?? "";
    let list = "";
    while (list === "" && !one.ending) {
      const secret = await persist(() => kube.find(kinds.secret, { namespace, name }));
      list = decoded(secret?.data, file);
      if (list === "") await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (one.ending) return;
    const lines = list
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as MigrationLine);
    const said = await migrate(lines, target);
    const ok = said.every((line) => (JSON.parse(line) as { ok: boolean }).ok);
    await report(one.ref, ended(pod, said.join("\n"), ok));
  };

  const begin = async (pod: Pod, one: Running): Promise<void> => {
    const { ref } = one;
    const bound = { metadata: ref, target: { apiVersion: "v1", kind: "Node", name: nodeName } };
    if (!pod.spec?.nodeName) await persist(() => kube.create(binding, bound));
    await (pod.spec?.containers[0]?.args?.[0] === "serve" ? serveIn(pod, one) : migrateIn(pod, one));
  };

  const finish = async (one: Running, uid: string): Promise<void> => {
    if (one.ending) return;
    one.ending = true;
    lost(one, "the last pod that was ready is gone");
    one.serving?.stop();
    await persist(() => kube.delete(kinds.pod, one.ref, { uid, gracePeriodSeconds: 0 }));
  };

  await kube.create(node, { metadata: { name: nodeName } });
  const pods = createReflector({ kube, kind: kinds.pod, project: (pod: Pod) => pod });
  pods.subscribe((change) => {
    if (change.type === "deleted") {
      const one = running.get(change.uid);
      running.delete(change.uid);
      if (!one || one.ending) return;
      one.ending = true;
      lost(one, "the last pod that was ready is gone");
      one.serving?.stop();
      return;
    }
    const { name = "", namespace = "", deletionTimestamp } = change.now.metadata ?? {};
    const known = running.get(change.uid);
    if (deletionTimestamp) {
      void finish(known ?? { ref: { name, namespace }, ready: false, ending: false }, change.uid);
    } else if (!known) {
      const one: Running = { ref: { name, namespace }, ready: false, ending: false };
      running.set(change.uid, one);
      void begin(change.now, one);
    }
  });
  pods.start();
  await pods.whenSynced();
  return {
    outages,
    unguarded,
    stop: async () => {
      stopping.abort();
      for (const one of running.values()) {
        one.ending = true;
        one.serving?.stop();
      }
      await pods.stop();
    },
  };
};
