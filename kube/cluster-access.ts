import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** How to reach an API server and what to show it. Read anew now and then, as tokens and CAs are rotated in place. */
export interface Credentials {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The whole Authorization header. */
  readonly authorization?: string | undefined;
}

export interface ClusterAccess {
  readonly server: URL;
  /** Name expected in the server's certificate, when it is not the host. */
  readonly serverName?: string | undefined;
  readonly insecure: boolean;
  /** Of the service account or of the context; "default" if neither says. */
  readonly namespace: string;
  /** Reads files again; cheap enough to be called every half minute and after each 401. */
  credentials(): Promise<Credentials>;
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** From a pod's service account. Throws when this process does not run in a pod that has one mounted. */
export const inClusterAccess = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  folder: string = SERVICE_ACCOUNT,
): ClusterAccess => {
  const host = env["KUBERNETES_SERVICE_HOST"];
  if (!host) {
    throw new Error("not in a cluster: KUBERNETES_SERVICE_HOST is not set. Outside, name a kubeconfig file.");
  }
  const port = env["KUBERNETES_SERVICE_PORT_HTTPS"] ?? env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const namespace = readFileSync(`${folder}/namespace`, "utf8").trim();
  return {
    server: new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}`),
    insecure: false,
    namespace,
    credentials: () =>
      Promise.resolve({
        ca: readFileSync(`${folder}/ca.crt`, "utf8"),
        authorization: `Bearer ${readFileSync(`${folder}/token`, "utf8").trim()}`,
      }),
  };
};

const Cluster = z.object({
  server: z.string(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
});
const User = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: z.unknown().optional(),
  "auth-provider": z.unknown().optional(),
});
type User = z.infer<typeof User>;
const Context = z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() });
const KubeConfig = z.object({
  "current-context": z.string().optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: Cluster })),
  users: z.array(z.object({ name: z.string(), user: User })),
  contexts: z.array(z.object({ name: z.string(), context: Context })),
});

/** One entry of a kubeconfig by its name, or an error that says which names there are. */
const pick = <T extends { name: string }>(entries: readonly T[], name: string, what: string, file: string): T => {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  const known = entries.map((entry) => entry.name).join(", ") || "none";
  throw new Error(`${file} has no ${what} "${name}" (it has: ${known})`);
};

const decoded = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

const authorizationOf = (user: User, read: (path: string) => string): string | undefined => {
  if (user.tokenFile) return `Bearer ${read(user.tokenFile).trim()}`;
  if (user.token) return `Bearer ${user.token}`;
  if (user.username && user.password) return basic(user.username, user.password);
  return undefined;
};

/**
 * From a kubeconfig file; paths in it are relative to it, as kubectl has it. A user with an exec plugin or an
 * auth-provider is left to @kubernetes/client-node, which is loaded only then: it takes 85 MB and half a second.
 */
export const kubeconfigAccess = (file: string, contextName?: string): ClusterAccess => {
  const config = KubeConfig.parse(parse(readFileSync(file, "utf8")));
  const chosen = contextName ?? config["current-context"];
  if (!chosen) throw new Error(`${file} names no current-context: say which context to use`);
  const { context } = pick(config.contexts, chosen, "context", file);
  const { cluster } = pick(config.clusters, context.cluster, "cluster", file);
  const { user } = pick(config.users, context.user, "user", file);
  const read = (path: string): string => readFileSync(resolve(dirname(file), path), "utf8");
  const either = (data: string | undefined, path: string | undefined): string | undefined =>
    data ? decoded(data) : path && read(path);
  const ca = (): string | undefined => either(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  return {
    server: new URL(cluster.server),
    serverName: cluster["tls-server-name"],
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    namespace: context.namespace ?? "default",
    credentials: async () => {
      if (user.exec || user["auth-provider"]) {
        const { pluginCredentials } = await import("./plugin-credentials.ts");
        return { ...(await pluginCredentials(file, chosen)), ca: ca() };
      }
      return {
        ca: ca(),
        cert: either(user["client-certificate-data"], user["client-certificate"]),
        key: either(user["client-key-data"], user["client-key"]),
        authorization: authorizationOf(user, read),
      };
    },
  };
};

/** The kubeconfig named, else the pod's service account. An inherited KUBECONFIG is never looked at. */
export const clusterAccess = (kubeconfig?: string, contextName?: string): ClusterAccess =>
  kubeconfig ? kubeconfigAccess(kubeconfig, contextName) : inClusterAccess();
