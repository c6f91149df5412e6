import { randomUUID } from "node:crypto";
import { systemTimer, type Timer } from "./clock.ts";
import { AlreadyExistsError, type CallContext, GoneError, InvalidError, isNotFound } from "./errors.ts";
import { createApply } from "./fake-apply.ts";
import { mergePatch } from "./fake-fields.ts";
import { createHistory } from "./fake-history.ts";
import { matcher } from "./fake-selectors.ts";
import { checkPreconditions, createFakeStore, ownersAfterUpdate } from "./fake-store.ts";
import { commit, type FakeCall, limited, preserved, required, type World } from "./fake-world.ts";
import { kinds } from "./kinds.ts";
import {
  type Kind,
  type Kube,
  type KubeObject,
  type PageOptions,
  type Ref,
  refKey,
  refOf,
  type WriteOptions,
} from "./kube.ts";
import { listAll } from "./list-all.ts";
import { withType } from "./resource-path.ts";

export type { FakeCall } from "./fake-world.ts";

/** Kube in memory, with the handles a test needs. */
export interface FakeKube extends Kube {
  /** Every call so far, reads too; `writes()` leaves out get, list, watch. */
  readonly calls: readonly FakeCall[];
  writes(): FakeCall[];
  /** Called before each call; what it throws is the answer. Replaces the one before; undefined: none. */
  intercept(before: ((call: FakeCall) => void | Promise<void>) | undefined): void;
  /** Older versions than now answer 410 from here on. */
  compact(): void;
  breakWatches(): void;
  freezeWatches(): void;
  readonly watching: number;
}

export interface FakeKubeOptions {
  readonly timer?: Timer;
  readonly fieldManager?: string;
  readonly uid?: () => string;
}

const READS = new Set(["get", "list", "watch"]);

const update = <T extends KubeObject>(
  world: World,
  call: CallContext,
  kind: Kind<T>,
  object: T,
  how: WriteOptions,
  subresource?: "status",
): T => {
  // Leases may be created by an update, so a uid that is gone is a failed precondition there and not a 404.
  if (kind.kind === "Lease" && object.metadata?.uid) {
    checkPreconditions(call, world.store.get(kind, refOf(object))?.object, object.metadata);
  }
  const before = required(world, call, kind, refOf(object));
  checkPreconditions(call, before.object, object.metadata ?? {});
  const next = limited(kind, before, preserved(before, withType(kind, structuredClone(object))), subresource);
  const owner = `${how.fieldManager ?? world.fieldManager}|Update|${subresource ?? ""}`;
  return commit(world, kind, before, { object: next, owners: ownersAfterUpdate(before, next, owner) }, how);
};

const createWrites = (world: World): Pick<Kube, "create" | "replace" | "patch" | "patchStatus" | "delete"> => {
  const patched = async <T extends KubeObject>(
    kind: Kind<T>,
    ref: Ref,
    patch: unknown,
    how: WriteOptions,
    subresource?: "status",
  ): Promise<T> => {
    const call = { verb: "patch", kind: kind.kind, name: ref.name, ref, subresource, body: patch };
    await world.call(call);
    const before = required(world, call, kind, ref);
    checkPreconditions(call, before.object, (patch as KubeObject).metadata ?? {});
    return update(world, call, kind, mergePatch(before.object, patch) as T, how, subresource);
  };
  return {
    create: async (kind, object, how = {}) => {
      const named = structuredClone(object);
      const prefix = named.metadata?.generateName;
      if (prefix && !named.metadata?.name)
        named.metadata = { ...named.metadata, name: prefix + randomUUID().slice(0, 5) };
      const ref = refOf(named);
      const call = { verb: "create", kind: kind.kind, name: ref.name, ref, body: object };
      await world.call(call);
      if (!ref.name) throw new InvalidError(call, 422, "name or generateName is required");
      world.store.admit(call, kind, ref);
      if (world.store.get(kind, ref)) throw new AlreadyExistsError(call, `${kind.plural} "${ref.name}" already exists`);
      const next = limited(kind, undefined, withType(kind, named));
      const owner = `${how.fieldManager ?? world.fieldManager}|Update|`;
      return commit(world, kind, undefined, { object: next, owners: ownersAfterUpdate(undefined, next, owner) }, how);
    },
    replace: async (kind, object, how = {}) => {
      const ref = refOf(object);
      const call = { verb: "update", kind: kind.kind, name: ref.name, ref, body: object };
      await world.call(call);
      return update(world, call, kind, object, how);
    },
    patch: (kind, ref, patch, how = {}) => patched(kind, ref, patch, how),
    patchStatus: (kind, ref, patch, how = {}) => patched(kind, ref, patch, how, "status"),
    delete: async (kind, ref, how = {}) => {
      const call = { verb: "delete", kind: kind.kind, name: ref.name, ref, body: how };
      await world.call(call);
      checkPreconditions(call, required(world, call, kind, ref).object, how);
      if (!how.dryRun) world.store.remove(kind, ref);
    },
  };
};

const createReads = (world: World): Pick<Kube, "get" | "find" | "list" | "listPage" | "watch"> => {
  const get = async <T extends KubeObject>(kind: Kind<T>, ref: Ref): Promise<T> => {
    const call = { verb: "get", kind: kind.kind, name: ref.name, ref };
    await world.call(call);
    return structuredClone(required(world, call, kind, ref).object) as T;
  };
  const listPage = async <T extends KubeObject>(kind: Kind<T>, how: PageOptions = {}) => {
    const call = { verb: "list", kind: kind.kind };
    await world.call(call);
    const [version = world.store.version, after = ""] = how.continue
      ? (JSON.parse(how.continue) as [number, string])
      : [];
    if (version < world.history.oldest) throw new GoneError(call, "The provided continue parameter is too old");
    const rest = world.store
      .all(kind)
      .filter(matcher(how))
      .filter((object) => refKey(refOf(object)) > after);
    const items = rest.slice(0, how.limit ?? rest.length);
    const last = items.at(-1);
    const more = items.length < rest.length && last;
    return {
      items: structuredClone(items) as T[],
      resourceVersion: String(version),
      continue: more ? JSON.stringify([version, refKey(refOf(last))]) : undefined,
    };
  };
  return {
    get,
    find: (kind, ref) =>
      get(kind, ref).catch((error: unknown) => {
        if (isNotFound(error) && !error.kindMissing) return undefined;
        throw error;
      }),
    list: (kind, how) => listAll(listPage, kind, how),
    listPage,
    watch: async function* (kind, how) {
      await world.call({ verb: "watch", kind: kind.kind });
      yield* world.history.watch(kind, how);
    },
  };
};

/**
 * Versions, uids, preconditions, field ownership, status subresource, finalizers, terminating namespaces and watches
 * as the API server has them; no defaulting, no schema validation, no controllers. Has the namespace "default".
 */
export const createFakeKube = (options: FakeKubeOptions = {}): FakeKube => {
  const timer = options.timer ?? systemTimer();
  const calls: FakeCall[] = [];
  let version = 0;
  let before: ((call: FakeCall) => void | Promise<void>) | undefined;
  const history = createHistory(timer, () => version);
  const store = createFakeStore(timer, history, () => (version += 1), options.uid ?? randomUUID);
  const world: World = {
    store,
    history,
    fieldManager: options.fieldManager ?? "fake",
    call: async (call) => {
      calls.push(call);
      await before?.(call);
    },
  };
  for (const name of ["default", "kube-system"]) {
    store.commit(kinds.namespace, undefined, { object: { metadata: { name } }, owners: new Map() });
  }
  return {
    ...createReads(world),
    ...createWrites(world),
    apply: createApply(world),
    applyStatus: createApply(world, "status"),
    calls,
    writes: () => calls.filter((call) => !READS.has(call.verb)),
    intercept: (hook) => void (before = hook),
    compact: () => history.compact(),
    breakWatches: () => history.breakWatches(),
    freezeWatches: () => history.freezeWatches(),
    get watching() {
      return history.watching;
    },
  };
};
