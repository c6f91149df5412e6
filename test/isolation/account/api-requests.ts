import type { ApiServer } from "../../integration/api-server.ts";

/** One thing that can be asked of the API server. */
export type ApiRequest = { name: string; method: string; path: string; contentType?: string; body?: object };

type Resource = { name: string; namespaced: boolean; verbs: string[] };
type Discovered = { root: string; resource: Resource };

const list = async <T>(api: ApiServer, path: string, key: string): Promise<T[]> => {
  const answer = await api.call("GET", path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.message}`);
  return (answer.body as Record<string, T[] | undefined>)[key] ?? [];
};

/** Every resource and subresource that the server has, in every version. */
export const discover = async (api: ApiServer): Promise<Discovered[]> => {
  const groups = await list<{ versions: { groupVersion: string }[] }>(api, "/apis", "groups");
  const roots = groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  const found: Discovered[] = [];
  for (const root of ["/api/v1", ...roots]) {
    for (const resource of await list<Resource>(api, root, "resources")) found.push({ root, resource });
  }
  return found;
};

const mergePatch = "application/merge-patch+json";

/** How each verb is asked for, as a method, what follows the collection's path, and what is sent. */
const verbs: Record<string, (name: string) => Omit<ApiRequest, "name" | "path"> & { at: string }> = {
  get: (name) => ({ method: "GET", at: `/${name}` }),
  list: () => ({ method: "GET", at: "" }),
  watch: () => ({ method: "GET", at: "?watch=1&timeoutSeconds=1" }),
  create: () => ({ method: "POST", at: "", body: {} }),
  update: (name) => ({ method: "PUT", at: `/${name}`, body: {} }),
  patch: (name) => ({ method: "PATCH", at: `/${name}`, contentType: mergePatch, body: {} }),
  delete: (name) => ({ method: "DELETE", at: `/${name}` }),
  deletecollection: () => ({ method: "DELETE", at: "" }),
};

/** Verbs that make sense across namespaces. */
const everywhere = new Set(["list", "watch"]);
const objectName = "vault";

const requestOf = (
  { root, resource }: Discovered,
  verb: string,
  namespace: string | undefined,
): ApiRequest | undefined => {
  const how = verbs[verb]?.(objectName);
  if (!how) return undefined;
  const [plural = "", ...sub] = resource.name.split("/");
  const base = `${root}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural}`;
  const at = sub.length > 0 ? `/${objectName}/${sub.join("/")}` : how.at;
  const { method, contentType, body } = how;
  const where = namespace ?? (resource.namespaced ? "all namespaces" : "the cluster");
  return {
    name: `${verb} ${resource.name} (${root}) in ${where}`,
    method,
    path: base + at,
    ...(contentType === undefined ? {} : { contentType }),
    ...(body === undefined ? {} : { body }),
  };
};

/** Each verb of each resource, in each of these namespaces, in all of them, and in the cluster. */
export const requestsFor = (resources: readonly Discovered[], namespaces: readonly string[]): ApiRequest[] =>
  resources.flatMap((discovered) => {
    const { resource } = discovered;
    return resource.verbs.flatMap((verb) => {
      const places = resource.namespaced ? [...namespaces, ...(everywhere.has(verb) ? [undefined] : [])] : [undefined];
      return places.flatMap((namespace) => requestOf(discovered, verb, namespace) ?? []);
    });
  });
