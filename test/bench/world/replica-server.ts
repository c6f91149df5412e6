import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Kind, KubeObject } from "../../../kube/kube.ts";
import { resourcePath } from "../../../kube/resource-path.ts";

/** One kind with an object as a real API server gave it. */
export type Pattern = { kind: Kind; objects: readonly KubeObject[] };

/** How the nth copy differs from its pattern, as text: every name and id that is one vault's alone. */
export type Differences = (n: number) => readonly (readonly [from: string, to: string])[];

/** An API server that has many copies of a few real objects: it lists them page by page, and its watches are silent. */
export type ReplicaServer = {
  /** A kubeconfig that names it. */
  kubeconfig: string;
  /** How many copies there are from now on. */
  resize(copies: number): void;
  close(): Promise<void>;
};

const version = "1000";

const answerList = (response: ServerResponse, items: string[], token: string | undefined): void => {
  const metadata = JSON.stringify({ resourceVersion: version, ...(token ? { continue: token } : {}) });
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(`{"kind":"List","metadata":${metadata},"items":[${items.join(",")}]}`);
};

export const startReplicaServer = async (
  folder: string,
  patterns: readonly Pattern[],
  differences: Differences,
): Promise<ReplicaServer> => {
  const texts = new Map(
    patterns.map(({ kind, objects }) => [resourcePath(kind, {}), objects.map((one) => JSON.stringify(one))]),
  );
  let copies = 0;
  const copyOf = (text: string, n: number): string => {
    let copy = text;
    for (const [from, to] of differences(n)) copy = copy.replaceAll(from, to);
    return copy.replace(/"uid":"[^"]+"/, `"uid":"${randomUUID()}"`);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://replica");
    const objects = texts.get(url.pathname) ?? [];
    if (url.searchParams.get("watch") === "true") {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      return;
    }
    const limit = Math.max(1, Math.floor(Number(url.searchParams.get("limit") ?? 500) / Math.max(1, objects.length)));
    const from = Number(url.searchParams.get("continue") ?? 0);
    const to = Math.min(copies, from + limit);
    const items: string[] = [];
    for (let n = from; n < to; n += 1) for (const text of objects) items.push(copyOf(text, n));
    answerList(response, items, to < copies && objects.length > 0 ? String(to) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kubeconfig = join(folder, "replica.kubeconfig");
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const config = {
    "current-context": "replica",
    clusters: [{ name: "replica", cluster: { server: address } }],
    users: [{ name: "replica", user: {} }],
    contexts: [{ name: "replica", context: { cluster: "replica", user: "replica" } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    resize: (count) => (copies = count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
