import { isAlreadyExists } from "../../kube/errors.ts";
import type { Kind, Kube, KubeObject } from "../../kube/kube.ts";
import { StalledError, WaitingError } from "../outcome.ts";
import { childKinds, type ChildProjection, fingerprint, projectChild } from "./children.ts";
import type { DesiredChild } from "./desired.ts";
import { labels } from "./names.ts";
import { childKey } from "./world.ts";

type Known = ReadonlyMap<string, ChildProjection>;

const nameOf = (object: KubeObject): string => object.metadata?.name ?? "";
const refOf = (object: KubeObject) => ({ name: nameOf(object), namespace: object.metadata?.namespace });

/** A namespace is created, never applied over: one of the same name that is not this vault's is left alone. */
const ensureNamespace = async (kube: Kube, object: KubeObject): Promise<KubeObject> => {
  try {
    return await kube.create(childKinds.Namespace, object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const found = await kube.get(childKinds.Namespace, refOf(object));
  if (found.metadata?.labels?.[labels.vaultId] === object.metadata?.labels?.[labels.vaultId]) {
    return kube.apply(childKinds.Namespace, object, { force: true });
  }
  throw new StalledError(
    "NamespaceForeign",
    `A namespace "${nameOf(object)}" exists that is not this vault's, so it is left alone. Remove it, and the work goes on.`,
  );
};

/**
 * Server-side apply leaves alone what others added to our lists and maps. Where the result still differs from what is
 * desired, the object is replaced as a whole, with what only the API server may decide kept.
 */
const settle = async (kube: Kube, { kind, object }: DesiredChild): Promise<KubeObject> => {
  const type: Kind = childKinds[kind];
  const applied = await kube.apply(type, object, { force: true });
  if (fingerprint(kind, applied) === fingerprint(kind, object)) return applied;
  const kept = kind === "Service" ? clusterAddress(applied) : {};
  const spec = "spec" in object ? { spec: { ...(object.spec as object), ...kept } } : {};
  const metadata = { ...object.metadata, resourceVersion: applied.metadata?.resourceVersion ?? "" };
  return kube.replace(type, { ...object, ...spec, metadata });
};

const clusterAddress = (service: KubeObject): object => {
  const { clusterIP, clusterIPs } = (service as { spec?: { clusterIP?: string; clusterIPs?: string[] } }).spec ?? {};
  return { clusterIP, clusterIPs };
};

const inSync = (known: ChildProjection | undefined, { kind, object }: DesiredChild): boolean =>
  known !== undefined && !known.terminating && known.fingerprint === fingerprint(kind, object);

const applyOne = async (kube: Kube, known: Known, child: DesiredChild): Promise<ChildProjection | undefined> => {
  const present = known.get(childKey(child.kind, nameOf(child.object)));
  if (inSync(present, child)) return undefined;
  if (present?.terminating) {
    throw new WaitingError("Terminating", `The ${child.kind} "${nameOf(child.object)}" is still being deleted.`, 2_000);
  }
  const isNewNamespace = child.kind === "Namespace" && !present;
  const stored = isNewNamespace ? await ensureNamespace(kube, child.object) : await settle(kube, child);
  return projectChild(child.kind)(stored);
};

/**
 * Brings every object of a vault into the state desired, stage by stage, and writes nothing that is so already.
 * Returns what the API server answered, so that the caller sees its own writes before the caches do.
 */
export const applyChildren = async (
  kube: Kube,
  known: Known,
  stages: DesiredChild[][],
): Promise<Map<string, ChildProjection>> => {
  const written = new Map<string, ChildProjection>();
  for (const stage of stages) {
    const results = await Promise.all(stage.map((child) => applyOne(kube, known, child)));
    for (const projection of results) {
      if (projection) written.set(childKey(projection.kind, projection.name), projection);
    }
  }
  return written;
};

/** Deletes what carries the vault's labels and is desired no more, by the identity that the cache has seen. */
export const pruneChildren = async (kube: Kube, known: Known, stages: DesiredChild[][]): Promise<void> => {
  const wanted = new Set(stages.flat().map(({ kind, object }) => childKey(kind, nameOf(object))));
  const leftovers = [...known].filter(([key, child]) => !wanted.has(key) && !child.terminating);
  await Promise.all(
    leftovers.map(async ([, { kind, name, namespace }]) => {
      if (kind === "Namespace") return;
      const found = await kube.find(childKinds[kind], { name, namespace });
      if (found?.metadata?.uid) await kube.delete(childKinds[kind], { name, namespace }, { uid: found.metadata.uid });
    }),
  );
};
