import { type CallContext, NotFoundError } from "./errors.ts";
import type { History } from "./fake-history.ts";
import { type Entry, type FakeStore, hasStatus } from "./fake-store.ts";
import type { Kind, KubeObject, Ref, WriteOptions } from "./kube.ts";

/** One call made, for tests that count or order them. */
export interface FakeCall extends CallContext {
  readonly ref?: Ref | undefined;
  readonly subresource?: "status" | undefined;
  readonly body?: unknown;
}

/** What the fake's calls share. */
export interface World {
  readonly store: FakeStore;
  readonly history: History;
  readonly fieldManager: string;
  readonly call: (call: FakeCall) => Promise<void>;
}

/** The object, or the 404 the server would send. */
export const required = (world: World, call: CallContext, kind: Kind, ref: Ref): Entry => {
  const entry = world.store.get(kind, ref);
  if (!entry) throw new NotFoundError(call, `${kind.plural} "${ref.name}" not found`, false);
  return entry;
};

const statusOf = (object: KubeObject): unknown => (object as { status?: unknown }).status;

/** The object with another's status (or without one). */
export const withStatusOf = <T extends KubeObject>(object: T, source: KubeObject | undefined): T => {
  const rest = { ...object };
  Reflect.deleteProperty(rest, "status");
  const status = source && statusOf(source);
  return status === undefined ? rest : { ...rest, status };
};

/** What one endpoint may change: the main one leaves status as it was, the status one everything else. */
export const limited = <T extends KubeObject>(
  kind: Kind,
  before: Entry | undefined,
  next: T,
  subresource?: "status",
): T => {
  if (subresource) return withStatusOf(before?.object ?? next, next) as T;
  return hasStatus(kind) ? withStatusOf(next, before?.object) : next;
};

/** Identity and what the server keeps: nobody's to write. */
export const preserved = <T extends KubeObject>(before: Entry, next: T): T => {
  const { uid, creationTimestamp, deletionTimestamp, resourceVersion, generation } = before.object.metadata ?? {};
  const kept = { uid, creationTimestamp, deletionTimestamp, resourceVersion, generation };
  const metadata = {
    ...next.metadata,
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
  };
  if (deletionTimestamp === undefined) Reflect.deleteProperty(metadata, "deletionTimestamp");
  return { ...next, metadata };
};

/** Stores unless it is a dry run; the answer is a copy. */
export const commit = <T extends KubeObject>(
  world: World,
  kind: Kind<T>,
  before: Entry | undefined,
  next: Entry,
  how: WriteOptions,
): T => structuredClone(how.dryRun ? next.object : world.store.commit(kind, before, next)) as T;
