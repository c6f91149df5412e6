import type { KubeObject } from "../../kube/kube.ts";

type Fields = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const membersOf = (fields: Fields): [string, Fields][] =>
  Object.entries(fields).filter((entry): entry is [string, Fields] => entry[0] !== "." && isMap(entry[1]));

/** Elements of a list that are named in the fields: `v:"Mon"` by value, `k:{"name":"x"}` by key. */
const ownedElements = (list: readonly unknown[], members: readonly [string, Fields][]): unknown[] =>
  list.filter((element) =>
    members.some(([name]) => {
      const key: unknown = JSON.parse(name.slice(2));
      if (name.startsWith("v:")) return element === key;
      return isMap(element) && isMap(key) && Object.entries(key).every(([field, value]) => element[field] === value);
    }),
  );

const pick = (value: unknown, fields: Fields): unknown => {
  const members = membersOf(fields);
  // A leaf, or a list or map that is owned as one.
  if (members.length === 0) return value;
  if (Array.isArray(value)) return ownedElements(value, members);
  if (!isMap(value)) return value;
  const picked = members
    .map(([name, below]): [string, unknown] => [name.slice(2), pick(value[name.slice(2)], below)])
    .filter(([, below]) => below !== undefined);
  return Object.fromEntries(picked);
};

/**
 * The part of an object that `manager` applied last, with its present values: what has to be applied again together
 * with a change, as server-side apply takes away what is left out.
 * Source: fieldsV1 as in https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export const ownedFields = (object: KubeObject, manager: string): Record<string, unknown> => {
  const entry = object.metadata?.managedFields?.find(
    (one) => one.manager === manager && one.operation === "Apply" && !one.subresource,
  );
  if (!isMap(entry?.fieldsV1)) return {};
  const owned = pick(object, entry.fieldsV1);
  return isMap(owned) ? owned : {};
};

const touches = (fields: unknown, path: readonly string[]): boolean => {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return isMap(fields) && `f:${first}` in fields && touches(fields[`f:${first}`], rest);
};

/** The managers that hold a field, for the message to whoever could not remove it. */
export const holdersOf = (object: KubeObject, path: readonly string[]): string[] =>
  (object.metadata?.managedFields ?? [])
    .filter((entry) => touches(entry.fieldsV1, path))
    .map((entry) => entry.manager ?? "unknown");
