import { afterEach, describe, expect, it } from "@jest/globals";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NotFoundError, UnreachableError } from "./errors.ts";
import { createLiveKube, type LiveKube, type LiveKubeOptions } from "./live-kube.ts";
import { kinds } from "./kinds.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Scene {
  kube: LiveKube;
  server: Server;
  calls: { verb: string; kind: string; code: number }[];
  /** Connections the server has seen. */
  connections: () => number;
}

const aScene = async (listener: RequestListener, options: Partial<LiveKubeOptions> = {}): Promise<Scene> => {
  let connections = 0;
  const server = createServer(listener).on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const calls: Scene["calls"] = [];
  const kube = createLiveKube({
    access: {
      server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      insecure: false,
      namespace: "default",
      credentials: () => Promise.resolve({ authorization: "Bearer t" }),
    },
    fieldManager: "test",
    onCall: ({ verb, kind, code }) => calls.push({ verb, kind, code }),
    ...options,
  });
  ends.push(() => {
    kube.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { kube, server, calls, connections: () => connections };
};

const namespace = { metadata: { name: "a", uid: "1" } };
const json = (body: unknown): string => JSON.stringify(body);

describe("the live client over HTTP", () => {
  it("keeps to its limit of requests in flight, over no more connections than that", async () => {
    let now = 0;
    let most = 0;
    const { kube, connections } = await aScene(
      (_request, response) => {
        most = Math.max(most, (now += 1));
        setTimeout(() => {
          now -= 1;
          response.end(json(namespace));
        }, 5);
      },
      { maxInFlight: 4 },
    );
    await Promise.all(Array.from({ length: 100 }, () => kube.get(kinds.namespace, { name: "a" })));
    expect(most).toBe(4);
    expect(connections()).toBeLessThanOrEqual(4);
  });

  it("shows its token and name, and reports each call with verb, kind and code", async () => {
    const headers: (string | undefined)[] = [];
    const { kube, calls } = await aScene((request, response) => {
      headers.push(request.headers.authorization, request.headers["user-agent"]);
      response.statusCode = 404;
      response.end(json({ kind: "Status", code: 404, details: { name: "a" }, message: 'namespaces "a" not found' }));
    });
    await expect(kube.get(kinds.namespace, { name: "a" })).rejects.toThrow(NotFoundError);
    expect(headers).toEqual(["Bearer t", "test"]);
    expect(calls).toEqual([{ verb: "get", kind: "Namespace", code: 404 }]);
  });

  it("tells a path the server does not know (no such kind) from an object that is not there", async () => {
    const { kube } = await aScene((_request, response) => {
      response.statusCode = 404;
      response.end("404 page not found\n");
    });
    await expect(kube.find(kinds.tenant, { name: "a" })).rejects.toMatchObject({ kindMissing: true });
  });

  it("gives up a server that does not answer in time, naming verb, kind and object", async () => {
    const { kube, calls } = await aScene(() => undefined, { timeoutMs: 100 });
    const slow = kube.patch(kinds.namespace, { name: "a" }, {});
    await expect(slow).rejects.toThrow(/patch Namespace a: no answer from .*timed out after 100 ms/);
    await expect(slow).rejects.toThrow(UnreachableError);
    expect(calls).toEqual([{ verb: "patch", kind: "Namespace", code: 0 }]);
  });

  it("gives up an answer that begins and never ends", async () => {
    const { kube } = await aScene((_request, response) => void response.write("{"), { timeoutMs: 100 });
    await expect(kube.get(kinds.namespace, { name: "a" })).rejects.toThrow(/timed out/);
  });

  it("ends at once by the signal, also while it waits for its turn", async () => {
    const { kube } = await aScene(() => undefined, { maxInFlight: 1 });
    const stop = new AbortController();
    const both = [1, 2].map(() => kube.get(kinds.namespace, { name: "a" }, { signal: stop.signal }));
    const results = Promise.allSettled(both);
    setTimeout(() => stop.abort(), 50);
    const names = (await results).map((result) => result.status === "rejected" && (result.reason as Error).name);
    expect(names).toEqual(["AbortedError", "AbortedError"]);
  });

  it("fault 8: a kept connection that the server has closed is no failure of a read", async () => {
    const { kube, server } = await aScene((_request, response) => response.end(json(namespace)));
    server.keepAliveTimeout = 0;
    await kube.get(kinds.namespace, { name: "a" });
    for (let round = 0; round < 20; round += 1) {
      server.closeAllConnections();
      await expect(kube.get(kinds.namespace, { name: "a" })).resolves.toBeDefined();
    }
  });

  it("a server that cannot be reached is Unreachable, with the address", async () => {
    const { kube, server } = await aScene(() => undefined);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(kube.get(kinds.namespace, { name: "a" })).rejects.toThrow(
      /no answer from 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    );
  });
});
