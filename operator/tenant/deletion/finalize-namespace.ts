import { kinds, type Namespace, type Pod } from "../../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../../kube/kube.ts";
import { ignoreNotFound } from "../../../kube/errors.ts";
import { WaitingError } from "../../outcome.ts";
import { childKinds } from "../children/children.ts";
import type { TenantDeps } from "../deps.ts";
import { labels, namespaceOf, vaultName } from "../names.ts";

/** Longer than this after its deletion a namespace or pod does not go by itself; until then it is only on its way. */
const patienceMs = 20_000;

/** Things that stand in the way are looked at again this often; what goes away of itself, at once by its change. */
const lookAgainMs = 5_000;

const ageMs = (since: string | undefined, deps: TenantDeps): number =>
  since === undefined ? 0 : deps.clock.now().getTime() - Date.parse(since);

/** The vault's namespace, read from the API server; undefined when it is gone, or when it is somebody else's. */
export const findNamespace = async (vaultId: string, { kube }: TenantDeps): Promise<Namespace | undefined> => {
  const found = await kube.find(kinds.namespace, { name: namespaceOf(vaultId) });
  return found?.metadata?.labels?.[labels.vaultId] === vaultId ? found : undefined;
};

const podsOf = (vaultId: string, { kube }: TenantDeps): Promise<Pod[]> =>
  kube.list(kinds.pod, { namespace: namespaceOf(vaultId) });

const deploymentOf = (vaultId: string) => ({ name: vaultName, namespace: namespaceOf(vaultId) });

export const podsAreGone = async (vaultId: string, deps: TenantDeps): Promise<boolean> => {
  if (!(await findNamespace(vaultId, deps))) return true;
  if (await deps.kube.find(kinds.deployment, deploymentOf(vaultId))) return false;
  return (await podsOf(vaultId, deps)).length === 0;
};

/** A pod that outlived its grace period: its node is away, or somebody's finalizer holds it. */
const stuckPod = (pods: Pod[], deps: TenantDeps): Pod | undefined =>
  pods.find((pod) => ageMs(pod.metadata?.deletionTimestamp, deps) > patienceMs);

/**
 * Pods first: a namespace that still has pods when it is deleted is looked at again only after half their grace period.
 * Source: namespaced_resources_deleter.go of Kubernetes' namespace controller.
 */
export const stopPods = async (vaultId: string, deps: TenantDeps): Promise<void> => {
  const ref = deploymentOf(vaultId);
  const found = await deps.kube.find(kinds.deployment, ref);
  if (found && !found.metadata?.deletionTimestamp) {
    const how = { uid: found.metadata?.uid, propagation: "Background" } as const;
    await deps.kube.delete(kinds.deployment, ref, how).catch(ignoreNotFound);
  }
  const pods = await podsOf(vaultId, deps);
  const stuck = stuckPod(pods, deps);
  if (stuck) {
    const { name = "", finalizers = [] } = stuck.metadata ?? {};
    const held = finalizers.length > 0 ? ` It carries ${finalizers.join(", ")}.` : "";
    throw new WaitingError(
      "PodsStuck",
      `The pod ${name} in ${ref.namespace} does not stop: its node may be away.${held} Bring the node back, or run: ` +
        `kubectl -n ${ref.namespace} delete pod ${name} --force --grace-period=0`,
      lookAgainMs,
    );
  }
  if (pods.length > 0)
    throw new WaitingError("PodsStopping", "The vault's pods finish what they are doing and stop.", 500);
};

/** Objects of our own kinds in it that somebody's finalizer keeps, as kubectl writes them: secret/vault (x.example/y). */
const heldObjects = async (namespace: string, { kube }: TenantDeps): Promise<string[]> => {
  const namespaced: Kind[] = [kinds.pod, ...Object.values(childKinds).filter((kind) => kind.namespaced)];
  const lists = await Promise.all(
    namespaced.map(async (kind) => {
      const objects: KubeObject[] = await kube.list(kind, { namespace });
      return objects
        .filter(({ metadata }) => (metadata?.finalizers ?? []).length > 0)
        .map(
          ({ metadata }) =>
            `${kind.kind.toLowerCase()}/${metadata?.name ?? ""} (${metadata?.finalizers?.join(", ") ?? ""})`,
        );
    }),
  );
  return lists.flat().sort();
};

const remainingOf = (namespace: Namespace): { type: string; message: string }[] =>
  (namespace.status?.conditions ?? [])
    .filter(({ type, status }) => status === "True" && /Remaining|Failure/.test(type))
    .map(({ type, message = "" }) => ({ type, message }));

/** What keeps a namespace that should be gone, in words that name it and the way out; null while it is on its way. */
const blockerOf = async (namespace: Namespace, deps: TenantDeps): Promise<string | null> => {
  const { name = "", finalizers = [], deletionTimestamp } = namespace.metadata ?? {};
  const remaining = remainingOf(namespace);
  const late = ageMs(deletionTimestamp, deps) > patienceMs;
  if (!late && !remaining.some(({ type }) => type === "NamespaceFinalizersRemaining")) return null;
  const held = await heldObjects(name, deps);
  if (held.length > 0)
    return (
      `The namespace ${name} cannot go: finalizers hold ${held.join(", ")}. If their owner is gone, take them off: ` +
      `kubectl -n ${name} patch ${held[0]?.split(" ")[0] ?? ""} --type=merge -p '{"metadata":{"finalizers":null}}'`
    );
  if (remaining.length > 0)
    return (
      `The namespace ${name} cannot go: ${remaining.map(({ message }) => message).join(" ")} ` +
      `Remove these objects, or the finalizers on them if their owner is gone (kubectl -n ${name} get <kind> -o yaml).`
    );
  if (finalizers.length > 0)
    return (
      `The namespace ${name} itself is held by ${finalizers.join(", ")}. If their owner is gone, take them off: ` +
      `kubectl patch namespace ${name} --type=merge -p '{"metadata":{"finalizers":null}}'`
    );
  return late ? `The namespace ${name} does not go away. See: kubectl get namespace ${name} -o yaml` : null;
};

/** Asks for the namespace's deletion and waits for it; a blocker is named. The vault's data is not in it. */
export const removeNamespace = async (vaultId: string, deps: TenantDeps): Promise<void> => {
  const found = await findNamespace(vaultId, deps);
  if (!found) return;
  const name = namespaceOf(vaultId);
  if (!found.metadata?.deletionTimestamp) {
    const how = { uid: found.metadata?.uid, propagation: "Background" } as const;
    await deps.kube.delete(kinds.namespace, { name }, how).catch(ignoreNotFound);
    throw new WaitingError("NamespaceTerminating", `The namespace ${name} is being deleted.`, 500);
  }
  const blocker = await blockerOf(found, deps);
  if (blocker !== null) throw new WaitingError("NamespaceStuck", blocker, lookAgainMs);
  throw new WaitingError("NamespaceTerminating", `The namespace ${name} is being deleted.`, 500);
};
