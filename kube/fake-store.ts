import { isDeepStrictEqual } from "node:util";
import { type CallContext, ConflictError, ForbiddenError, NotFoundError } from "./errors.ts";
import { fieldsV1, leavesOf } from "./fake-fields.ts";
import type { History } from "./fake-history.ts";
import { kinds } from "./kinds.ts";
import {
  apiVersionOf,
  type Kind,
  type KubeObject,
  type ManagedFields,
  type ObjectMeta,
  type Ref,
  refKey,
  keyOf,
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
  const metadata = { ...object.metadata };
  for (const name of ["resourceVersion", "managedFields", "generation"]) Reflect.deleteProperty(metadata, name);
  return { ...object, metadata };
};

const specOf = (object: KubeObject): unknown => (object as { spec?: unknown }).spec;

const managedFields = (owners: Owners): ManagedFields[] =>
  [...owners].map(([owner, paths]) => {
    const [manager = "", operation = "", subresource = ""] = owner.split("|");
    return {
      manager,
      operation,
      ...(subresource ? { subresource } : {}),
      fieldsType: "FieldsV1",
      fieldsV1: fieldsV1(paths),
    };
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

interface Tables {
  of(kind: Kind): Map<string, Entry>;
  inNamespace(namespace: string): { kind: Kind; entry: Entry }[];
}

const createTables = (): Tables => {
  const tables = new Map<string, { kind: Kind; objects: Map<string, Entry> }>();
  return {
    of: (kind) => {
      const name = `${kind.group}/${kind.plural}`;
      let table = tables.get(name);
      if (!table) tables.set(name, (table = { kind, objects: new Map() }));
      return table.objects;
    },
    inNamespace: (namespace) =>
      [...tables.values()].flatMap(({ kind, objects }) =>
        [...objects.values()]
          .filter((entry) => kind.namespaced && metaOf(entry.object).namespace === namespace)
          .map((entry) => ({ kind, entry })),
      ),
  };
};

const isNamespace = (kind: Kind): boolean => kind.kind === "Namespace";

const seconds = (timer: Timer): string =>
  timer
    .now()
    .toISOString()
    .replace(/\.\d+Z/, "Z");

/** The object as it is stored: identity, version, generation and owners filled in. */
const stamped = (
  kind: Kind,
  before: Entry | undefined,
  next: Entry,
  fresh: { version: number; uid: string; now: string },
): KubeObject => {
  const was = metaOf(before?.object ?? {});
  const specChanged = !isDeepStrictEqual(before && specOf(before.object), specOf(next.object));
  const metadata: ObjectMeta = {
    ...metaOf(next.object),
    uid: was.uid ?? fresh.uid,
    creationTimestamp: was.creationTimestamp ?? fresh.now,
    resourceVersion: String(fresh.version),
    managedFields: managedFields(next.owners),
  };
  if (specOf(next.object) !== undefined) metadata.generation = (was.generation ?? 0) + (specChanged || !before ? 1 : 0);
  return { ...next.object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
};

interface Storage {
  readonly tables: Tables;
  put(kind: Kind, key: string, before: Entry | undefined, next: Entry): KubeObject;
  drop(kind: Kind, key: string, entry: Entry): void;
  /** A namespace that was asked to go does so with its last object. */
  finishNamespace(name: string): void;
  readonly version: number;
}

const createStorage = (timer: Timer, history: History, nextVersion: () => number, uid: () => string): Storage => {
  const tables = createTables();
  let version = 0;
  const storage: Storage = {
    tables,
    put: (kind, key, before, next) => {
      version = nextVersion();
      const object = stamped(kind, before, next, { version, uid: uid(), now: seconds(timer) });
      tables.of(kind).set(key, { object, owners: next.owners });
      history.add({ version, kind, before: before?.object, now: object });
      return object;
    },
    drop: (kind, key, entry) => {
      tables.of(kind).delete(key);
      version = nextVersion();
      history.add({ version, kind, before: entry.object });
      const { namespace } = metaOf(entry.object);
      if (namespace) storage.finishNamespace(namespace);
    },
    finishNamespace: (name) => {
      const entry = tables.of(kinds.namespace).get(name);
      if (!entry || !metaOf(entry.object).deletionTimestamp || metaOf(entry.object).finalizers?.length) return;
      if (tables.inNamespace(name).length === 0) storage.drop(kinds.namespace, name, entry);
    },
    get version() {
      return version;
    },
  };
  return storage;
};

const createRemove = (storage: Storage, timer: Timer): FakeStore["remove"] => {
  const remove: FakeStore["remove"] = (kind, ref) => {
    const key = refKey(ref);
    const entry = storage.tables.of(kind).get(key);
    if (!entry) return;
    const held = (metaOf(entry.object).finalizers ?? []).length > 0;
    if (!held && !isNamespace(kind)) {
      storage.drop(kind, key, entry);
      return;
    }
    if (metaOf(entry.object).deletionTimestamp) return;
    const metadata = { ...metaOf(entry.object), deletionTimestamp: seconds(timer) };
    const terminating = isNamespace(kind) ? { status: { phase: "Terminating" } } : {};
    storage.put(kind, key, entry, { ...entry, object: { ...entry.object, ...terminating, metadata } });
    if (!isNamespace(kind)) return;
    for (const inside of storage.tables.inNamespace(key)) {
      remove(inside.kind, { name: metaOf(inside.entry.object).name ?? "", namespace: key });
    }
    storage.finishNamespace(key);
  };
  return remove;
};

export const createFakeStore = (
  timer: Timer,
  history: History,
  nextVersion: () => number,
  uid: () => string,
): FakeStore => {
  const storage = createStorage(timer, history, nextVersion, uid);
  const { tables } = storage;
  return {
    get: (kind, ref) => tables.of(kind).get(refKey(ref)),
    all: (kind) => [...tables.of(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.object),
    remove: createRemove(storage, timer),
    commit: (kind, before, next) => {
      const key = keyOf(next.object);
      if (before && isDeepStrictEqual(bare(before.object), bare(next.object))) {
        tables.of(kind).set(key, { object: before.object, owners: next.owners });
        return before.object;
      }
      const { deletionTimestamp, finalizers = [] } = metaOf(next.object);
      if (before && deletionTimestamp && finalizers.length === 0 && !isNamespace(kind)) {
        storage.drop(kind, key, before);
        return next.object;
      }
      const object = storage.put(kind, key, before, next);
      if (isNamespace(kind)) storage.finishNamespace(key);
      return object;
    },
    admit: (call, kind, ref) => {
      if (!kind.namespaced) return;
      const namespace = ref.namespace ?? "";
      const found = tables.of(kinds.namespace).get(namespace);
      if (!found) throw new NotFoundError(call, `namespaces "${namespace}" not found`, false);
      if (metaOf(found.object).deletionTimestamp) {
        throw new ForbiddenError(
          call,
          `unable to create new content in namespace ${namespace} because it is being terminated`,
        );
      }
    },
    get version() {
      return storage.version;
    },
  };
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
