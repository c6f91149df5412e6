import type { KubeObject, ManagedFields } from "../../../kube/kube.ts";
import { sameValue } from "../../same-value.ts";
import type { ChildKind } from "../children/children.ts";
import { relevantPart } from "../children/fingerprint.ts";
import { fieldManager } from "../names.ts";

type Loose = Record<string, unknown>;
/** Steps from the object to a field; a step into a list is the `name` of its item. */
type Path = readonly (string | { item: string })[];

const isObject = (value: unknown): value is Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const named = (list: unknown[]): Map<string, unknown> | undefined => {
  const entries = list.map((item) => [isObject(item) ? item["name"] : undefined, item] as const);
  const names = entries.filter((entry): entry is [string, unknown] => typeof entry[0] === "string");
  return names.length === list.length && list.length > 0 ? new Map(names) : undefined;
};

/** Where two values differ, as deep as their names lead. */
const differences = (one: unknown, other: unknown, at: Path = []): Path[] => {
  if (sameValue(one, other)) return [];
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap((key) => differences(one[key], other[key], [...at, key]));
  }
  const [mine, theirs] = [Array.isArray(one) ? named(one) : undefined, Array.isArray(other) ? named(other) : undefined];
  if (!mine || !theirs) return [at];
  const items = [...new Set([...mine.keys(), ...theirs.keys()])].sort();
  const deep = items.flatMap((item) => differences(mine.get(item), theirs.get(item), [...at, { item }]));
  return deep.length > 0 ? deep : [at];
};

const text = (path: Path): string =>
  path.map((step, at) => (typeof step === "string" ? `${at === 0 ? "" : "."}${step}` : `[${step.item}]`)).join("");

/** The fields below this one that a manager owns; source: managedFields, "fieldsV1" of the API reference. */
const below = (fields: unknown, step: Path[number]): unknown => {
  if (!isObject(fields)) return undefined;
  if (typeof step === "string") return fields[`f:${step}`];
  const key = Object.keys(fields).find((one) => one.startsWith("k:") && one.includes(`"name":"${step.item}"`));
  return key === undefined ? undefined : fields[key];
};

const owns = ({ fieldsV1 }: ManagedFields, path: Path): boolean => {
  let fields: unknown = fieldsV1;
  for (const step of path) {
    const next = below(fields, step);
    // A list without names is owned as a whole; one whose items go by something else than names, at least in part.
    if (next === undefined) return isObject(fields) && (Object.keys(fields).length === 0 || typeof step !== "string");
    fields = next;
  }
  return true;
};

/** Who else than the operator wrote this field last, as far as the API server knows. */
const writerOf = (object: KubeObject, path: Path): string | undefined =>
  (object.metadata?.managedFields ?? []).find(
    (one) =>
      one.manager !== fieldManager && one.subresource !== "status" && one.fieldsV1 !== undefined && owns(one, path),
  )?.manager;

/** How an object differs from what it should be, for people; empty when it does not. */
export type Difference = { fields: string[]; writers: string[] };

export const differenceOf = (kind: ChildKind, live: KubeObject, desired: KubeObject): Difference => {
  const paths = differences(relevantPart(kind, live), relevantPart(kind, desired));
  const writers = paths.flatMap((path) => writerOf(live, path) ?? []);
  return { fields: [...new Set(paths.map(text))], writers: [...new Set(writers)] };
};

const listed = 3;

const enumerate = (items: readonly string[]): string => {
  const shown =
    items.length > listed ? [...items.slice(0, listed), `${items.length - listed} more fields`] : [...items];
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
};

/** "spec.replicas was changed by kubectl-edit": names of fields and their writers, never values. */
export const describeDifference = ({ fields, writers }: Difference): string => {
  const by = writers.length > 0 ? ` by ${enumerate(writers)}` : "";
  return `${enumerate(fields)} ${fields.length === 1 ? "was" : "were"} changed${by}`;
};

/** Who made an object that is not wanted. */
export const makerOf = (object: KubeObject): string | undefined =>
  object.metadata?.managedFields?.find((one) => one.manager !== fieldManager && one.subresource !== "status")?.manager;
