import { setTimeout as sleep } from "node:timers/promises";
import { kinds, type Pod } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import type { ApiServer } from "./api-server.ts";

const ready = (name: string): object => ({
  phase: "Running",
  podIP: "10.1.0.1",
  podIPs: [{ ip: "10.1.0.1" }],
  conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => ({ type, status: "True" })),
  containerStatuses: [
    { name, ready: true, restartCount: 0, image: "x", imageID: "x", state: { running: {} }, started: true },
  ],
});

/** One look at a pod: given a node, made ready, or let go. */
const tend = async (api: ApiServer, kube: Kube, node: string, { metadata = {}, spec, status }: Pod): Promise<void> => {
  const { name = "", namespace = "", deletionTimestamp } = metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  if (deletionTimestamp) {
    await kube.delete(kinds.pod, { name, namespace }, { gracePeriodSeconds: 0 }).catch(ignoreNotFound);
    return;
  }
  if (!spec?.nodeName) {
    const body = { apiVersion: "v1", kind: "Binding", metadata: { name }, target: { kind: "Node", name: node } };
    await api.call("POST", `${path}/binding`, { body });
  }
  if (status?.phase !== "Running") {
    const body = { status: ready(spec?.containers[0]?.name ?? "") };
    await api.call("PATCH", `${path}/status`, { body, contentType: "application/merge-patch+json" });
  }
};

/** Does for pods of the namespaces it is told what a kubelet would, with nothing run: they become Ready, and go when deleted. */
export const startStandInKubelet = async (
  api: ApiServer,
  kube: Kube,
  namespaces: () => Iterable<string>,
): Promise<{ stop(): Promise<void> }> => {
  const node = `stand-in-${process.pid}`;
  await api.call("POST", "/api/v1/nodes", { body: { apiVersion: "v1", kind: "Node", metadata: { name: node } } });
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      for (const namespace of namespaces()) {
        const pods = await kube.list(kinds.pod, { namespace }).catch(() => []);
        for (const pod of pods) await tend(api, kube, node, pod).catch(() => undefined);
      }
      await sleep(300);
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      await running;
      await api.call("DELETE", `/api/v1/nodes/${node}`);
    },
  };
};
