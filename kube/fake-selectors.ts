import type { KubeObject, Selection } from "./kube.ts";

type Test = (value: string | undefined) => boolean;

const values = (list: string): string[] =>
  list
    .split(",")
    .map((value) => value.trim())
    .filter(Boolean);

/** Commas within parentheses do not separate requirements. */
const requirements = (selector: string): string[] =>
  (selector.match(/[^,(]+(\([^)]*\))?/g) ?? []).map((text) => text.trim()).filter(Boolean);

const requirement = (text: string): [string, Test] => {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set) {
    const among = new Set(values(set[3] ?? ""));
    const wanted = set[2] === "in";
    return [set[1] ?? "", (value) => (value !== undefined && among.has(value)) === wanted];
  }
  const pair = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(text);
  if (pair) {
    const wanted = pair[2] !== "!=";
    return [pair[1] ?? "", (value) => (value === pair[3]) === wanted];
  }
  return text.startsWith("!")
    ? [text.slice(1), (value) => value === undefined]
    : [text, (value) => value !== undefined];
};

const fieldOf = (object: KubeObject, path: string): string | undefined => {
  let at: unknown = object;
  for (const name of path.split(".")) at = (at as Record<string, unknown> | undefined)?.[name];
  return typeof at === "string" ? at : at === undefined ? "" : JSON.stringify(at);
};

/** Whether an object is among those selected. */
export const matcher = (selection: Selection): ((object: KubeObject) => boolean) => {
  const labels = requirements(selection.labelSelector ?? "").map(requirement);
  const fields = requirements(selection.fieldSelector ?? "").map(requirement);
  return (object) =>
    (!selection.namespace || object.metadata?.namespace === selection.namespace) &&
    labels.every(([label, test]) => test(object.metadata?.labels?.[label])) &&
    fields.every(([path, test]) => test(fieldOf(object, path)));
};
