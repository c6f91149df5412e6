import type { IncomingMessage } from "node:http";

/** A request to the API server, taken apart. */
export interface ApiCall {
  readonly method: string;
  readonly url: URL;
  readonly verb: "get" | "list" | "watch" | "create" | "apply" | "patch" | "replace" | "delete";
  /** The resource's plural, such as "tenants". */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly writes: boolean;
}

const verbOf = (method: string, contentType: string, one: boolean, watch: boolean): ApiCall["verb"] => {
  if (method === "POST") return "create";
  if (method === "PUT") return "replace";
  if (method === "DELETE") return "delete";
  if (method === "PATCH") return contentType.includes("apply-patch") ? "apply" : "patch";
  if (watch) return "watch";
  return one ? "get" : "list";
};

/** "/api/v1/namespaces/a/secrets/b" and "/apis/apps/v1/…" alike; a namespace itself is a resource without one. */
export const apiCall = (incoming: IncomingMessage): ApiCall => {
  const url = new URL(incoming.url ?? "/", "http://proxy");
  const parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const rest = parts.slice(parts[0] === "api" ? 2 : 3);
  const scoped = rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status" && rest[2] !== "finalize";
  const [resource = "", name = "", subresource = ""] = scoped ? rest.slice(2) : rest;
  const { method = "GET" } = incoming;
  return {
    method,
    url,
    verb: verbOf(method, incoming.headers["content-type"] ?? "", name !== "", url.searchParams.get("watch") === "true"),
    resource,
    namespace: scoped ? (rest[1] ?? "") : "",
    name,
    subresource,
    writes: method !== "GET",
  };
};

/** For a write without a name in its path, the name stands in its body. */
export const nameIn = (call: ApiCall, body: string): string => {
  if (call.name !== "" || call.verb !== "create") return call.name;
  const parsed = JSON.parse(body) as { metadata?: { name?: string } };
  return parsed.metadata?.name ?? "";
};

/** What a write does, in the words of traces: "apply secrets vault", "apply tenants/status alto". */
export const describeCall = (call: ApiCall, body: string): string => {
  const resource = call.subresource ? `${call.resource}/${call.subresource}` : call.resource;
  return `${call.verb} ${resource} ${nameIn(call, body)}`;
};
