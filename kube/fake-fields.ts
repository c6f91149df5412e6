/**
 * Field ownership for the fake, in the form of server-side apply: maps merge by key, the well-known lists of the
 * built-in kinds merge by theirs, all other lists are replaced whole.
 */

type Json = Record<string, unknown>;

/** A map, or a list whose elements have keys. */
interface Branch {
  readonly list: boolean;
  readonly children: Map<string, Tree>;
}
type Leaf = { readonly value: unknown };
type Tree = Branch | Leaf;

const isBranch = (tree: Tree | undefined): tree is Branch => tree !== undefined && "children" in tree;

/** List field -> the element fields that name an element. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  volumeMounts: ["mountPath"],
  ports: ["containerPort", "port", "protocol"],
  conditions: ["type"],
  ownerReferences: ["uid"],
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const elementKey = (keys: readonly string[], element: Json): string =>
  JSON.stringify(keys.map((key) => element[key] ?? (key === "protocol" ? "TCP" : null)));

const toTree = (value: unknown, field = ""): Tree => {
  const keys = LIST_KEYS[field];
  if (field === "finalizers" && Array.isArray(value)) {
    return {
      list: true,
      children: new Map(value.map((entry) => [JSON.stringify(entry), { value: entry as unknown }])),
    };
  }
  if (keys && Array.isArray(value) && value.length > 0 && value.every(isObject)) {
    return { list: true, children: new Map(value.map((element) => [elementKey(keys, element), toTree(element)])) };
  }
  if (!isObject(value)) return { value };
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  return { list: false, children: new Map(entries.map(([name, child]) => [name, toTree(child, name)])) };
};

const fromTree = (tree: Tree): unknown => {
  if (!isBranch(tree)) return tree.value;
  if (tree.list) return [...tree.children.values()].map(fromTree);
  return Object.fromEntries([...tree.children].map(([name, child]) => [name, fromTree(child)]));
};

const SEPARATOR = "\u0001";

/** Path -> value as JSON, for each leaf; an empty map is a leaf too. */
export type Leaves = ReadonlyMap<string, string>;

const collect = (tree: Tree, path: string, into: Map<string, string>): void => {
  if (!isBranch(tree)) {
    into.set(path, JSON.stringify(tree.value));
    return;
  }
  if (tree.children.size === 0) into.set(path, "{}");
  for (const [name, child] of tree.children) collect(child, path ? path + SEPARATOR + name : name, into);
};

const UNOWNED = new Set(["apiVersion", "kind"]);
const UNOWNED_METADATA = new Set([
  "name",
  "namespace",
  "generateName",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "managedFields",
]);

/** The leaves somebody can own: everything but type, identity and what the server keeps. */
export const leavesOf = (object: object): Leaves => {
  const all = new Map<string, string>();
  collect(toTree(object), "", all);
  for (const path of all.keys()) {
    const [first = "", second = ""] = path.split(SEPARATOR);
    if (UNOWNED.has(first) || (first === "metadata" && (second === "" || UNOWNED_METADATA.has(second))))
      all.delete(path);
  }
  return all;
};

/** ".spec.replicas", as the server writes it. */
export const pathText = (path: string): string =>
  path
    .split(SEPARATOR)
    .map((part) => `.${part}`)
    .join("");

/** One step of a path as fieldsV1 writes it: a field, a list's element by its keys, or a set's element by its value. */
const step = (part: string, above: string | undefined): string => {
  if (above === "finalizers") return `v:${part}`;
  const keys = LIST_KEYS[above ?? ""];
  if (!keys || !part.startsWith("[")) return `f:${part}`;
  const values = JSON.parse(part) as unknown[];
  return `k:${JSON.stringify(Object.fromEntries(keys.map((key, index) => [key, values[index]]).filter(([, value]) => value !== null)))}`;
};

/** Leaf paths in the form of metadata.managedFields[].fieldsV1. */
export const fieldsV1 = (paths: Iterable<string>): Json => {
  const root: Json = {};
  for (const path of paths) {
    const parts = path.split(SEPARATOR);
    parts.reduce<Json>((at, part, index) => (at[step(part, parts[index - 1])] ??= {}) as Json, root);
  }
  return root;
};

const merge = (live: Tree | undefined, applied: Tree): Tree => {
  if (!isBranch(applied) || !isBranch(live) || live.list !== applied.list) return applied;
  for (const [name, child] of applied.children) live.children.set(name, merge(live.children.get(name), child));
  return live;
};

const remove = (tree: Tree | undefined, path: readonly string[]): void => {
  const [name, ...rest] = path;
  if (!isBranch(tree) || name === undefined) return;
  const child = tree.children.get(name);
  if (rest.length > 0) remove(child, rest);
  if (rest.length === 0 || (isBranch(child) && child.children.size === 0)) tree.children.delete(name);
};

/** `live` with everything of `applied` in it and the leaves at `removed` gone. Neither argument is changed. */
export const mergeApplied = <T extends object>(live: T, applied: object, removed: Iterable<string>): T => {
  const tree = merge(toTree(structuredClone(live)), toTree(structuredClone(applied)));
  for (const path of removed) remove(tree, path.split(SEPARATOR));
  return fromTree(tree) as T;
};

/** RFC 7386. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const merged: Json = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, name);
    else if (value !== undefined) merged[name] = mergePatch(merged[name], value);
  }
  return merged;
};
