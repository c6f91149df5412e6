import { isDeepStrictEqual } from "node:util";
import { type CallContext, ConflictError, ForbiddenError, NotFoundError } from "./errors.ts";
import { leavesOf } from "./fake-fields.ts";
import type { History } from "./fake-history.ts";
import {
  apiVersionOf,
  type Kind,
  type KubeObject,
  type ManagedFields,
  type ObjectMeta,
  type Ref,
  refKey,
} from "./kube.ts";
import type { Timer } from "./clock.ts";

/** "manager|Apply|status" -> leaf paths it owns. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

export interface Entry {
  readonly object: KubeObject;
  readonly owners: Owners;
}

/** Kinds whose status is only written through the status subresource. */
const PLAIN = new Set([
  "Secret",
  "ConfigMap",
  "ServiceAccount",
  "LimitRange",
  "NetworkPolicy",
  "EndpointSlice",
  "Lease",
  "Event",
]);
export const hasStatus = (kind: Kind): boolean => !PLAIN.has(kind.kind);

/** Objects by kind and key, with versions, finalizers and terminating namespaces. */
export interface FakeStore {
  get(kind: Kind, ref: Ref): Entry | undefined;
  all(kind: Kind): KubeObject[];
  /** Stores what `next` says, if it differs; removes the object when it waits for its last finalizer only. */
  commit(kind: Kind, before: Entry | undefined, next: Entry): KubeObject;
  remove(kind: Kind, ref: Ref): void;
  /** Refuses a new object in a namespace that is absent or going. */
  admit(call: CallContext, kind: Kind, ref: Ref): void;
  readonly version: number;
}

const bare = (object: KubeObject): unknown => {
  const {
    resourceVersion: _version,
    managedFields: _managed,
    generation: _generation,
    ...metadata
  } = object.metadata ?? {};
  return { ...object, metadata };
};

const specOf = (object: KubeObject): unknown => (object as { spec?: unknown }).spec;

const managedFields = (owners: Owners): ManagedFields[] =>
  [...owners.keys()].map((owner) => {
    const [manager = "", operation = "", subresource = ""] = owner.split("|");
    return { manager, operation, ...(subresource ? { subresource } : {}) };
  });

const metaOf = (object: KubeObject): ObjectMeta => object.metadata ?? {};

/** uid and resourceVersion in a body or in delete options are preconditions. */
export const checkPreconditions = (
  call: CallContext,
  object: KubeObject | undefined,
  wanted: { uid?: string | undefined; resourceVersion?: string | undefined },
): void => {
  const meta = object?.metadata ?? {};
  if (wanted.uid && wanted.uid !== meta.uid) {
    throw new ConflictError(
      call,
      `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${meta.uid ?? ""}`,
    );
  }
  if (wanted.resourceVersion && wanted.resourceVersion !== meta.resourceVersion) {
    throw new ConflictError(
      call,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
};

export const createFakeStore = (
  timer: Timer,
  history: History,
  nextVersion: () => number,
  uid: () => string,
): FakeStore => {
  const kindsByName = new Map<string, { kind: Kind; objects: Map<string, Entry> }>();
  let version = 0;

  const tableOf = (kind: Kind): Map<string, Entry> => {
    const name = `${kind.group}/${kind.plural}`;
    let table = kindsByName.get(name);
    if (!table) kindsByName.set(name, (table = { kind, objects: new Map() }));
    return table.objects;
  };

  const drop = (kind: Kind, key: string, entry: Entry): void => {
    tableOf(kind).delete(key);
    version = nextVersion();
    history.add({ version, kind, before: entry.object });
    const { namespace } = metaOf(entry.object);
    if (namespace) finishNamespace(namespace);
  };

  const inNamespace = (namespace: string): { kind: Kind; entry: Entry }[] =>
    [...kindsByName.values()].flatMap(({ kind, objects }) =>
      [...objects.values()]
        .filter((entry) => kind.namespaced && metaOf(entry.object).namespace === namespace)
        .map((entry) => ({ kind, entry })),
    );

  const namespaceKind: Kind = { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };

  /** A namespace that was asked to go does so with its last object. */
  const finishNamespace = (name: string): void => {
    const entry = tableOf(namespaceKind).get(name);
    if (!entry || !metaOf(entry.object).deletionTimestamp || metaOf(entry.object).finalizers?.length) return;
    if (inNamespace(name).length === 0) drop(namespaceKind, name, entry);
  };

  const keep = (kind: Kind, key: string, before: Entry | undefined, next: Entry): KubeObject => {
    const specChanged = !isDeepStrictEqual(before && specOf(before.object), specOf(next.object));
    version = nextVersion();
    const metadata: ObjectMeta = {
      ...metaOf(next.object),
      uid: metaOf(before?.object ?? {}).uid ?? uid(),
      creationTimestamp:
        metaOf(before?.object ?? {}).creationTimestamp ??
        timer
          .now()
          .toISOString()
          .replace(/\.\d+Z/, "Z"),
      resourceVersion: String(version),
      managedFields: managedFields(next.owners),
    };
    const generation = (metaOf(before?.object ?? {}).generation ?? 0) + (specChanged || !before ? 1 : 0);
    if (specOf(next.object) !== undefined) metadata.generation = generation;
    const object = { ...next.object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
    tableOf(kind).set(key, { object, owners: next.owners });
    history.add({ version, kind, before: before?.object, now: object });
    return object;
  };

  const store: FakeStore = {
    get: (kind, ref) => tableOf(kind).get(refKey(ref)),
    all: (kind) => [...tableOf(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.object),
    commit: (kind, before, next) => {
      const key = refKey({ name: metaOf(next.object).name ?? "", namespace: metaOf(next.object).namespace });
      if (before && isDeepStrictEqual(bare(before.object), bare(next.object))) {
        tableOf(kind).set(key, { object: before.object, owners: next.owners });
        return before.object;
      }
      const { deletionTimestamp, finalizers = [] } = metaOf(next.object);
      if (before && deletionTimestamp && finalizers.length === 0 && kind.kind !== "Namespace") {
        drop(kind, key, before);
        return next.object;
      }
      const object = keep(kind, key, before, next);
      if (kind.kind === "Namespace") finishNamespace(key);
      return object;
    },
    remove: (kind, ref) => {
      const key = refKey(ref);
      const entry = tableOf(kind).get(key);
      if (!entry) return;
      const held = (metaOf(entry.object).finalizers ?? []).length > 0;
      if (!held && kind.kind !== "Namespace") {
        drop(kind, key, entry);
        return;
      }
      if (metaOf(entry.object).deletionTimestamp) return;
      const metadata = {
        ...metaOf(entry.object),
        deletionTimestamp: timer
          .now()
          .toISOString()
          .replace(/\.\d+Z/, "Z"),
      };
      const terminating = kind.kind === "Namespace" ? { status: { phase: "Terminating" } } : {};
      keep(kind, key, entry, { ...entry, object: { ...entry.object, ...terminating, metadata } });
      if (kind.kind !== "Namespace") return;
      for (const inside of inNamespace(key))
        store.remove(inside.kind, { name: metaOf(inside.entry.object).name ?? "", namespace: key });
      finishNamespace(key);
    },
    admit: (call, kind, ref) => {
      if (!kind.namespaced) return;
      const namespace = ref.namespace ?? "";
      const found = tableOf(namespaceKind).get(namespace);
      if (!found) throw new NotFoundError({ ...call }, `namespaces "${namespace}" not found`, false);
      if (metaOf(found.object).deletionTimestamp) {
        throw new ForbiddenError(
          call,
          `unable to create new content in namespace ${namespace} because it is being terminated`,
        );
      }
    },
    get version() {
      return version;
    },
  };
  return store;
};

/** Ownership after a plain write: what it changed is the writer's, what is gone is nobody's. */
export const ownersAfterUpdate = (before: Entry | undefined, next: KubeObject, owner: string): Owners => {
  const was = before ? leavesOf(before.object) : new Map<string, string>();
  const is = leavesOf(next);
  const changed = new Set([...is].filter(([path, value]) => was.get(path) !== value).map(([path]) => path));
  const owners = new Map<string, ReadonlySet<string>>();
  for (const [name, paths] of before?.owners ?? []) {
    const left = new Set([...paths].filter((path) => is.has(path) && !changed.has(path)));
    if (left.size > 0) owners.set(name, left);
  }
  if (changed.size > 0) owners.set(owner, new Set([...(owners.get(owner) ?? []), ...changed]));
  return owners;
};
