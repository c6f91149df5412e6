import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { z } from "zod";
import type { ForwardRoute } from "./routes.ts";

/** A Service's cluster IP; undefined when there is no such Service. */
export type ServiceLookup = (route: Pick<ForwardRoute, "namespace" | "service">) => Promise<string | undefined>;

const Kubeconfig = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }) })]),
  users: z.tuple([
    z.object({ user: z.object({ "client-certificate-data": z.base64(), "client-key-data": z.base64() }) }),
  ]),
});
const Service = z.object({ spec: z.object({ clusterIP: z.string().optional() }) });

/** Asks the local cluster's API server, with the kubeconfig that we wrote ourselves (JSON, keys inside). */
export async function createServiceLookup(kubeconfigPath: string): Promise<ServiceLookup> {
  const config = Kubeconfig.parse(JSON.parse(await readFile(kubeconfigPath, "utf8")));
  const { server, "certificate-authority-data": ca } = config.clusters[0].cluster;
  const user = config.users[0].user;
  const decoded = (base64: string) => Buffer.from(base64, "base64");
  const agent = new Agent({
    keepAlive: true,
    ca: decoded(ca),
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
  });
  return async ({ namespace, service }) => {
    const reply = await get(`${server}/api/v1/namespaces/${namespace}/services/${service}`, agent);
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw new Error(`the API server answered ${reply.status}`);
    const address = Service.parse(JSON.parse(reply.text)).spec.clusterIP;
    return address === "None" ? undefined : address;
  };
}

function get(url: string, agent: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, timeout: 5000 }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, text }));
      reply.on("error", reject);
    });
    call.on("timeout", () => call.destroy(new Error("the API server did not answer within 5 s")));
    call.on("error", reject);
    call.end();
  });
}

/** Remembers answers for `keepMs`, so that a browser's burst of connections costs one look-up. `forget` drops one early. */
export function cachedLookup(
  lookup: ServiceLookup,
  keepMs: number,
  now: () => number,
): ServiceLookup & { forget(route: ForwardRoute): void } {
  const known = new Map<string, { address: string; until: number }>();
  const keyOf = (route: Pick<ForwardRoute, "namespace" | "service">) => `${route.namespace}/${route.service}`;
  const cached: ServiceLookup = async (route) => {
    const hit = known.get(keyOf(route));
    if (hit && hit.until > now()) return hit.address;
    const address = await lookup(route);
    if (address !== undefined) known.set(keyOf(route), { address, until: now() + keepMs });
    return address;
  };
  return Object.assign(cached, { forget: (route: ForwardRoute) => void known.delete(keyOf(route)) });
}
