import { Agent, request } from "node:https";
import { clusterAccess } from "../../../kube/cluster-access.ts";

/** The API server over kept connections and nothing else: no cache, no retry, no throttle. */
export type BareClient = {
  /** Sends JSON, gives the JSON answer. Rejects for everything but 2xx, with what the server said. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown>;
  close(): void;
};

/** @param connections how many at most */
export const createBareClient = async (kubeconfig: string, connections: number): Promise<BareClient> => {
  const access = clusterAccess(kubeconfig);
  const { ca, authorization = "" } = await access.credentials();
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca });
  return {
    call: (method, path, body, contentType = "application/json") =>
      new Promise((resolve, reject) => {
        const headers = { authorization, accept: "application/json", "content-type": contentType };
        const asked = request(new URL(path, access.server), { method, agent, headers }, (reply) => {
          const chunks: Buffer[] = [];
          reply.on("data", (chunk: Buffer) => chunks.push(chunk));
          reply.on("error", reject);
          reply.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = reply.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(JSON.parse(text));
            else reject(new Error(`${method} ${path}: ${String(status)} ${text.slice(0, 300)}`));
          });
        });
        asked.on("error", reject);
        asked.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
};
