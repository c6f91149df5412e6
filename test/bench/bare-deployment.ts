import { request } from "node:http";
import { kinds, type Deployment, type Namespace, type Secret, type Service } from "../../kube/kinds.ts";
import type { Demo } from "../e2e/support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";

/** The vault's own pod without an operator around it: a Deployment, a Service and a Secret in a namespace of their own. */
export type BareDeployment = {
  /** From 0 to 1 replica until it answers through its Service. Milliseconds. */
  start(): Promise<number>;
  /** Back to 0, and no pod left. */
  stop(): Promise<void>;
  remove(): Promise<void>;
};

/** How often both sides are asked: often enough to see, seldom enough not to take the processor from what is measured. */
export const lookEveryMs = 20;

/** The status of GET / on a new connection; 0 when there is none. */
export const statusOf = (host: string, port: number): Promise<number> =>
  new Promise((resolve) => {
    const asked = request({ host, port, path: "/", agent: false, timeout: 2000 }, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(0));
    asked.end();
  });

/** Copies the workload of a vault that exists (in `from`) into the new namespace `to`, with no replica. */
export const copyWorkload = async ({ kube }: Demo, from: string, to: string): Promise<BareDeployment> => {
  const source = await kube.get(kinds.deployment, { namespace: from, name: "vault" });
  const secret = await kube.get(kinds.secret, { namespace: from, name: "vault" });
  const labels = { app: to };
  const template = source.spec?.template;
  const metadata = { name: "vault", namespace: to };
  const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: to } };
  const copy: Secret = { apiVersion: "v1", kind: "Secret", metadata, ...(secret.data ? { data: secret.data } : {}) };
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: labels, ports: [{ port: 8080, targetPort: "http" }] },
  };
  const podSpec = { ...template?.spec, containers: template?.spec?.containers ?? [], serviceAccountName: "default" };
  const deployment: Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
  };
  await kube.create(kinds.namespace, namespace);
  await kube.create(kinds.secret, copy);
  const { spec } = await kube.create(kinds.service, service);
  await kube.create(kinds.deployment, deployment);
  const address = spec?.clusterIP ?? "";
  const scale = (replicas: number) =>
    kube.patch(kinds.deployment, { namespace: to, name: "vault" }, { spec: { replicas } });
  return {
    start: async () => {
      const began = performance.now();
      await scale(1);
      await eventually("the bare Deployment answers", async () => (await statusOf(address, 8080)) === 200, {
        everyMs: lookEveryMs,
      });
      return performance.now() - began;
    },
    stop: async () => {
      await scale(0);
      const gone = async () => (await kube.list(kinds.pod, { namespace: to })).length === 0;
      await eventually("the bare pod is gone", gone, { everyMs: 500 });
    },
    remove: () => kube.delete(kinds.namespace, { name: to }),
  };
};
