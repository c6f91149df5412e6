import type { Kube, KubeObject } from "../../../kube/kube.ts";
import { createReflector, type Reflector } from "../../../kube/reflector.ts";
import { resourcePath } from "../../../kube/resource-path.ts";
import { type ChildKind, childKinds } from "../../../operator/tenant/children/children.ts";
import { vaultName } from "../../../operator/tenant/names.ts";
import type { BareClient } from "./bare-client.ts";

/** One way in which a hand breaks an object of a vault; `patch` null deletes it. */
export type Breakage = { kind: ChildKind; patch: object | null };

export const breakages: readonly Breakage[] = [
  { kind: "Secret", patch: { data: { SIGNING_KEY: Buffer.from("broken").toString("base64") } } },
  { kind: "Service", patch: { spec: { selector: { broken: "yes" } } } },
  { kind: "ResourceQuota", patch: { spec: { hard: { pods: "77" } } } },
  { kind: "ServiceAccount", patch: null },
];

/** Watches the objects that are broken, of all namespaces. */
export type Watched = {
  /**
   * Breaks an object and waits until it is again as it was; `onBroken` is called when the watch sees it broken.
   * Milliseconds from the call to the watch's seeing it whole.
   */
  breakOnce(client: BareClient, namespace: string, breakage: Breakage, onBroken?: () => void): Promise<number>;
  stop(): Promise<void>;
};

type Print = { print: string };

/** What a hand changes of these kinds, as text. */
const printOf = (object: KubeObject): string => {
  const { data, spec } = object as { data?: unknown; spec?: unknown };
  return JSON.stringify([data, spec]);
};

export const watchObjects = async (kube: Kube, managedBy: string): Promise<Watched> => {
  const reflectors = new Map<ChildKind, Reflector<Print>>();
  const listeners = new Map<string, (now: Print | undefined) => void>();
  for (const { kind } of breakages) {
    const reflector = createReflector<KubeObject, Print>({
      kube,
      kind: childKinds[kind],
      labelSelector: `app.kubernetes.io/managed-by=${managedBy}`,
      project: (object) => ({ print: printOf(object) }),
    });
    reflector.subscribe(({ key, now }) => listeners.get(`${kind}/${key}`)?.(now));
    reflector.start();
    await reflector.whenSynced();
    reflectors.set(kind, reflector);
  }
  return {
    breakOnce: (client, namespace, { kind, patch }, onBroken = () => undefined) =>
      new Promise((resolve, reject) => {
        const key = `${namespace}/${vaultName}`;
        const whole = reflectors.get(kind)?.get(key)?.value.print;
        if (whole === undefined) {
          reject(new Error(`there is no ${kind} ${key} to break`));
          return;
        }
        const began = performance.now();
        let broken = false;
        listeners.set(`${kind}/${key}`, (now) => {
          if (now?.print !== whole) {
            if (!broken) onBroken();
            broken = true;
          } else if (broken) {
            listeners.delete(`${kind}/${key}`);
            resolve(performance.now() - began);
          }
        });
        const path = resourcePath(childKinds[kind], { namespace, name: vaultName });
        const call = patch
          ? client.call("PATCH", path, patch, "application/merge-patch+json")
          : client.call("DELETE", path);
        call.catch(reject);
      }),
    stop: async () => {
      await Promise.all([...reflectors.values()].map((reflector) => reflector.stop()));
    },
  };
};
