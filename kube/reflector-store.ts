import { keyOf, type KubeObject } from "./kube.ts";
import type { Cached, Change } from "./reflector.ts";

type Source = Change<unknown>["source"];

/** Projections by key, with indexes kept in step. Says what each step changed. */
export interface ReflectorStore<T extends KubeObject, P> {
  /** What storing this version of an object changed: nothing, one change, or (another uid) two. */
  put(object: T, source: Source): Change<P>[];
  remove(key: string, source: Source): Change<P> | undefined;
  get(key: string): Cached<P> | undefined;
  values(): IterableIterator<Cached<P>>;
  keys(): IterableIterator<string>;
  byIndex(index: string, value: string): Cached<P>[];
  readonly size: number;
}

type IndexFunctions<P> = Readonly<Record<string, (value: P) => readonly string[]>>;

interface Indexes<P> {
  add(entry: Cached<P>): void;
  drop(entry: Cached<P>): void;
  keys(index: string, value: string): Iterable<string>;
}

/** Most values lead to one key, so that costs no set of its own. */
type Keys = string | Set<string>;

const withKey = (keys: Keys | undefined, key: string): Keys => {
  if (keys === undefined || keys === key) return key;
  return typeof keys === "string" ? new Set([keys, key]) : keys.add(key);
};

const withoutKey = (keys: Keys, key: string): Keys | undefined => {
  if (typeof keys === "string") return keys === key ? undefined : keys;
  keys.delete(key);
  return keys.size === 0 ? undefined : keys;
};

const createIndexes = <P>(functions: IndexFunctions<P>): Indexes<P> => {
  const indexes = new Map(Object.keys(functions).map((name) => [name, new Map<string, Keys>()]));
  const each = (entry: Cached<P>, visit: (table: Map<string, Keys>, value: string) => void): void => {
    for (const [name, table] of indexes) for (const value of functions[name]?.(entry.value) ?? []) visit(table, value);
  };
  return {
    add: (entry) => each(entry, (table, value) => void table.set(value, withKey(table.get(value), entry.key))),
    drop: (entry) =>
      each(entry, (table, value) => {
        const keys = table.get(value);
        const left = keys && withoutKey(keys, entry.key);
        if (left) table.set(value, left);
        else table.delete(value);
      }),
    keys: (index, value) => {
      const table = indexes.get(index);
      if (!table) throw new RangeError(`no index "${index}"; there are: ${[...indexes.keys()].join(", ")}`);
      const keys = table.get(value) ?? [];
      return typeof keys === "string" ? [keys] : keys;
    },
  };
};

export const createReflectorStore = <T extends KubeObject, P>(
  project: (object: T) => P | undefined,
  functions: IndexFunctions<P>,
): ReflectorStore<T, P> => {
  const entries = new Map<string, Cached<P>>();
  const indexes = createIndexes(functions);

  const remove = (key: string, source: Source): Change<P> | undefined => {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    indexes.drop(entry);
    return { key, uid: entry.uid, source, type: "deleted", old: entry.value };
  };

  return {
    put: (object, source) => {
      const asked = keyOf(object);
      const before = entries.get(asked);
      // The key that is kept already, instead of another copy of it.
      const key = before?.key ?? asked;
      const { uid = "", resourceVersion = "" } = object.metadata ?? {};
      if (before?.uid === uid && before.resourceVersion === resourceVersion) return [];
      const value = project(object);
      const gone = before && (value === undefined || before.uid !== uid) ? remove(key, source) : undefined;
      if (value === undefined) return gone ? [gone] : [];
      if (before && !gone) indexes.drop(before);
      const entry = { key, uid, resourceVersion, value };
      entries.set(key, entry);
      indexes.add(entry);
      if (before && !gone) return [{ key, uid, source, type: "modified", old: before.value, now: value }];
      return [...(gone ? [gone] : []), { key, uid, source, type: "added", now: value }];
    },
    remove,
    get: (key) => entries.get(key),
    values: () => entries.values(),
    keys: () => entries.keys(),
    byIndex: (index, value) =>
      [...indexes.keys(index, value)].flatMap((key) => {
        const entry = entries.get(key);
        return entry ? [entry] : [];
      }),
    get size() {
      return entries.size;
    },
  };
};
