import { InvalidError, isAlreadyExists } from "../../../kube/errors.ts";
import type { Kind, Kube, KubeObject } from "../../../kube/kube.ts";
import { StalledError, WaitingError } from "../../outcome.ts";
import { childKinds, type ChildProjection, projectChild } from "./children.ts";
import type { DesiredChild } from "../desired.ts";
import { describeDifference, differenceOf, makerOf } from "../drift/describe-drift.ts";
import type { DriftWatch } from "../drift/drift-watch.ts";
import { fingerprint, isOurs, serverAddresses } from "./fingerprint.ts";
import { fieldManager, labels, namespaceOf } from "../names.ts";
import { childKey } from "../world.ts";

type Known = ReadonlyMap<string, ChildProjection>;

const nameOf = (object: KubeObject): string => object.metadata?.name ?? "";
const refOf = (object: KubeObject) => ({ name: nameOf(object), namespace: object.metadata?.namespace });

/** Ours by its label; or made by us, as the API server remembers, with a label that a hand took away or changed. */
const isVaults = (found: KubeObject, desired: KubeObject): boolean => {
  const own = found.metadata?.labels?.[labels.vaultId];
  if (own === desired.metadata?.labels?.[labels.vaultId]) return true;
  const another = own !== undefined && namespaceOf(own) === nameOf(found);
  return !another && (found.metadata?.managedFields ?? []).some(({ manager }) => manager === fieldManager);
};

/** A namespace is created, never applied over: one of the same name that is not this vault's is left alone. */
const ensureNamespace = async (kube: Kube, child: DesiredChild): Promise<KubeObject> => {
  const { object } = child;
  try {
    return await kube.create(childKinds.Namespace, object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const found = await kube.get(childKinds.Namespace, refOf(object));
  if (isVaults(found, object)) return settle(kube, child);
  throw new StalledError(
    "NamespaceForeign",
    `A namespace "${nameOf(object)}" exists that is not this vault's, so it is left alone. Remove it, and the work goes on.`,
  );
};

const theirs = (map: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !isOurs(key)));

/** The desired object with all that is none of our business kept as it is: others' labels, annotations, finalizers. */
const replacement = ({ kind, object }: DesiredChild, live: KubeObject): KubeObject => {
  const { labels: own, annotations: notes, resourceVersion = "", finalizers } = live.metadata ?? {};
  const metadata = {
    ...object.metadata,
    labels: { ...theirs(own), ...object.metadata?.labels },
    annotations: { ...theirs(notes), ...object.metadata?.annotations },
    resourceVersion,
    ...(finalizers ? { finalizers } : {}),
  };
  if (kind !== "Service") return { ...object, metadata };
  const { spec: given } = live as { spec?: Record<string, unknown> };
  const addresses = Object.fromEntries(serverAddresses.map((key) => [key, given?.[key]]));
  const { spec } = object as { spec?: object };
  return { ...object, metadata, spec: { ...spec, ...addresses } } as KubeObject;
};

/**
 * Server-side apply leaves alone what others added to our lists and maps. Where the result still differs from what is
 * desired, the object is replaced as a whole, with what only the API server or others may decide kept.
 */
const overwrite = async (kube: Kube, child: DesiredChild): Promise<KubeObject> => {
  const { kind, object } = child;
  const type: Kind = childKinds[kind];
  const applied = await kube.apply(type, object, { force: true });
  if (fingerprint(kind, applied) === fingerprint(kind, object)) return applied;
  return kube.replace(type, replacement(child, applied));
};

/**
 * What the API server refuses to change (a Secret that was made immutable, another selector) is deleted and made
 * again; but only when it would take the desired object under another name, so that a mistake of ours deletes nothing.
 */
const settle = async (kube: Kube, child: DesiredChild): Promise<KubeObject> => {
  try {
    return await overwrite(kube, child);
  } catch (error) {
    if (!(error instanceof InvalidError) || child.kind === "Namespace") throw error;
    const type: Kind = childKinds[child.kind];
    const ref = refOf(child.object);
    const probe = { ...child.object, metadata: { ...child.object.metadata, name: `${ref.name}-probe` } };
    await kube.create(type, probe, { dryRun: true });
    const live = await kube.get(type, ref);
    await kube.delete(type, ref, { uid: live.metadata?.uid, propagation: "Background" });
    return kube.create(type, child.object);
  }
};

const inSync = (known: ChildProjection | undefined, { kind, object }: DesiredChild): boolean =>
  known !== undefined && !known.terminating && known.fingerprint === fingerprint(kind, object);

const refuseTerminating = ({ kind, object }: DesiredChild, terminating: boolean | undefined): void => {
  if (!terminating) return;
  throw new WaitingError("Terminating", `The ${kind} "${nameOf(object)}" is still being deleted.`, 2_000);
};

/** Tells the watch what was found, unless it may be no drift at all but a wish that is new to this process. */
const noteDrift = (watch: DriftWatch, { kind, object }: DesiredChild, live: KubeObject | undefined): void => {
  const name = nameOf(object);
  if (!live) {
    if (watch.suspicion === "certain") watch.corrected({ kind, name, what: "was deleted", repair: "made again" });
    return;
  }
  const difference = differenceOf(kind, live, object);
  if (watch.suspicion !== "certain" && difference.writers.length === 0) return;
  watch.corrected({ kind, name, what: describeDifference(difference), repair: "put back" });
};

const applyOne = async (
  kube: Kube,
  known: Known,
  child: DesiredChild,
  watch: DriftWatch,
): Promise<ChildProjection | undefined> => {
  const { kind, object } = child;
  const present = known.get(childKey(kind, nameOf(object)));
  if (inSync(present, child)) return undefined;
  refuseTerminating(child, present?.terminating);
  if (watch.holds({ kind, name: nameOf(object) })) return undefined;
  const suspect = watch.suspicion === "certain" || (watch.suspicion === "possible" && present !== undefined);
  const live = suspect ? await kube.find<KubeObject>(childKinds[kind], refOf(object)) : undefined;
  refuseTerminating(child, live?.metadata?.deletionTimestamp !== undefined);
  // The cache had not seen our own last write yet.
  if (live && fingerprint(kind, live) === fingerprint(kind, object)) return projectChild(kind)(live);
  const isNewNamespace = kind === "Namespace" && !present;
  const stored = isNewNamespace ? await ensureNamespace(kube, child) : await settle(kube, child);
  if (suspect) noteDrift(watch, child, live);
  return projectChild(kind)(stored);
};

/**
 * Brings every object of a vault into the state desired, stage by stage, and writes nothing that is so already.
 * Returns what the API server answered, so that the caller sees its own writes before the caches do.
 */
export const applyChildren = async (
  kube: Kube,
  known: Known,
  stages: DesiredChild[][],
  watch: DriftWatch,
): Promise<Map<string, ChildProjection>> => {
  const written = new Map<string, ChildProjection>();
  for (const stage of stages) {
    const results = await Promise.all(stage.map((child) => applyOne(kube, known, child, watch)));
    for (const projection of results) {
      if (projection) written.set(childKey(projection.kind, projection.name), projection);
    }
  }
  return written;
};

/** Deletes what carries our labels in the vault's namespace and is desired no more, by the identity just seen. */
export const pruneChildren = async (
  kube: Kube,
  known: Known,
  stages: DesiredChild[][],
  watch: DriftWatch,
): Promise<void> => {
  const wanted = new Set(stages.flat().map(({ kind, object }) => childKey(kind, nameOf(object))));
  const leftovers = [...known].filter(([key, child]) => !wanted.has(key) && !child.terminating);
  await Promise.all(
    leftovers.map(async ([, { kind, name, namespace }]) => {
      if (kind === "Namespace" || watch.holds({ kind, name })) return;
      const found = await kube.find<KubeObject>(childKinds[kind], { name, namespace });
      if (!found?.metadata?.uid || found.metadata.deletionTimestamp) return;
      await kube.delete(childKinds[kind], { name, namespace }, { uid: found.metadata.uid });
      const maker = makerOf(found);
      if (watch.suspicion !== "certain" && maker === undefined) return;
      watch.corrected({ kind, name, what: `was added${maker ? ` by ${maker}` : ""}`, repair: "removed" });
    }),
  );
};
