import { apiVersionOf, type Kind, type KubeObject } from "./kube.ts";

/** Query parameters; undefined and false are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Target {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: "status" | "log" | undefined;
}

const queryOf = (query: Query): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== false) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
};

/** The path of a collection or an object. A namespaced object without its namespace is a mistake of the caller. */
export const resourcePath = (kind: Kind, target: Target, query: Query = {}): string => {
  if (kind.namespaced && target.name && !target.namespace) {
    throw new TypeError(`${kind.kind} ${target.name} needs a namespace`);
  }
  const parts = [
    kind.group ? "apis" : "api",
    ...apiVersionOf(kind).split("/"),
    ...(kind.namespaced && target.namespace ? ["namespaces", target.namespace] : []),
    kind.plural,
    ...(target.name ? [target.name] : []),
    ...(target.subresource ? [target.subresource] : []),
  ];
  return `/${parts.map(encodeURIComponent).join("/")}${queryOf(query)}`;
};

/** The object with apiVersion and kind filled in, as the server wants them in a body (lists leave them out). */
export const withType = <T extends KubeObject>(kind: Kind<T>, object: T): T => ({
  ...object,
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
});
