import type { Draft, OurKind } from "./good-objects.ts";

/** Puts an object wrong. */
export type Spoil = (object: Draft) => void;

/** A mistake, the field that the refusal must name, and a part of the way out that it must show. */
export type Mistake = { kind: OurKind; name: string; spoil: Spoil; field: string; wayOut: string };

type Node = Record<string, unknown>;

/** The parent of the field at a path such as `spec.owner.email`, and the field's name in it. */
const find = (object: Draft, path: string): [Node, string] => {
  const names = path.split(".");
  const last = names.pop() ?? "";
  return [names.reduce<Node>((node, name) => (node[name] ??= {}) as Node, object), last];
};

/** Sets the field at a path. */
export const set =
  (path: string, value: unknown): Spoil =>
  (object) => {
    const [parent, name] = find(object, path);
    parent[name] = value;
  };

/** Leaves the field at a path out. */
export const without =
  (path: string): Spoil =>
  (object) => {
    const [parent, name] = find(object, path);
    Reflect.deleteProperty(parent, name);
  };

/** One after the other. */
export const both =
  (first: Spoil, second: Spoil): Spoil =>
  (object) => {
    first(object);
    second(object);
  };

/** Names the kind once for a list of mistakes. */
export const mistakesOf =
  (kind: OurKind) =>
  (name: string, spoil: Spoil, field: string, wayOut: string): Mistake => ({ kind, name, spoil, field, wayOut });
