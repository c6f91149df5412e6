import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterAccess, clusterAccess } from "../../kube/cluster-access.ts";
import { ignoreNotFound, TooManyRequestsError, UnreachableError } from "../../kube/errors.ts";
import { type ConfigMap, kinds } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { createReflector, type Reflector } from "../../kube/reflector.ts";
import { startFaultProxy, startFreezingProxy } from "../faults/fault-proxy.ts";
import { startControlPlane } from "../harness/control-plane.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";

const namespace = `faults-${randomBytes(4).toString("hex")}`;
const ref = (name: string) => ({ name, namespace });
const configMap = (name: string, value = "1"): ConfigMap => ({ metadata: { name, namespace }, data: { value } });

let access: ClusterAccess;
let direct: LiveKube;
const ends: (() => unknown)[] = [];

const client = (through: ClusterAccess, timeoutMs = 30_000): LiveKube => {
  const kube = createLiveKube({ access: through, fieldManager: "faults", timeoutMs });
  ends.push(() => kube.close());
  return kube;
};

const reflect = (kube: LiveKube, notices: string[] = []): Reflector<string> => {
  const reflector = createReflector({
    kube,
    kind: kinds.configMap,
    namespace,
    pageSize: 2,
    project: (object: ConfigMap) => object.data?.["value"],
    notice: (notice) => notices.push(notice.what),
  });
  ends.push(() => reflector.stop());
  reflector.start();
  return reflector;
};

const until = (what: string, holds: () => boolean, withinMs = 60_000): Promise<boolean> =>
  eventually(what, () => Promise.resolve(holds()), { withinMs, everyMs: 20 });

beforeAll(async () => {
  access = clusterAccess(started.kubeconfig());
  direct = createLiveKube({ access, fieldManager: "faults" });
  await direct.create(kinds.namespace, { metadata: { name: namespace } });
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  await direct.delete(kinds.namespace, { name: namespace }).catch(ignoreNotFound);
  direct.close();
});

describe("a client behind faults", () => {
  it("fault 12: a 429 is tried once more, after its Retry-After, and then told", async () => {
    const proxy = await startFaultProxy(access);
    ends.push(() => proxy.close());
    const kube = client(proxy.access);
    let left = 1;
    proxy.rule(() => ((left -= 1) >= 0 ? { answer: 429, retryAfter: "1" } : undefined));
    const started = Date.now();
    await kube.apply(kinds.configMap, configMap("patient"));
    expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
    expect(proxy.requests).toHaveLength(2);
    left = 1000;
    const refused = kube.get(kinds.configMap, ref("patient"));
    await expect(refused).rejects.toThrow(TooManyRequestsError);
    expect(proxy.requests).toHaveLength(4);
  });

  it("fault 12: in a storm of 429 a whole crowd makes one retry each per Retry-After, no more", async () => {
    const proxy = await startFaultProxy(access);
    ends.push(() => proxy.close());
    const kube = client(proxy.access);
    const askedAt: number[] = [];
    proxy.rule(() => {
      askedAt.push(performance.now());
      return { answer: 429, retryAfter: "2" };
    });
    const crowd = Array.from({ length: 16 }, () =>
      kube.get(kinds.namespace, { name: namespace }).catch(() => undefined),
    );
    await Promise.all(crowd);
    const [first = 0] = askedAt;
    expect(askedAt.filter((at) => at < first + 1990).length).toBeLessThanOrEqual(16);
    expect(proxy.requests.length).toBeLessThanOrEqual(32);
    proxy.rule(() => undefined);
    await kube.get(kinds.namespace, { name: namespace });
  });

  it("fault 12: a body cut in the middle is Unreachable, never half an object", async () => {
    const proxy = await startFaultProxy(access);
    ends.push(() => proxy.close());
    const kube = client(proxy.access);
    proxy.rule(() => "cut");
    await expect(kube.get(kinds.namespace, { name: namespace })).rejects.toThrow(UnreachableError);
  });

  it("fault 12: a watch lives through 500, 503, 429 and cut bodies, without a flood of requests", async () => {
    const proxy = await startFaultProxy(access);
    ends.push(() => proxy.close());
    const notices: string[] = [];
    const reflector = reflect(client(proxy.access), notices);
    await reflector.whenSynced();
    const faults = [
      { answer: 500 },
      { answer: 503, retryAfter: "1" },
      { answer: 429, retryAfter: "1" },
      "cut",
    ] as const;
    let turn = 0;
    proxy.rule(() => faults[turn++]);
    proxy.requests.length = 0;
    proxy.drop();
    await direct.apply(kinds.configMap, configMap("storm"));
    await until("caught up", () => reflector.get(`${namespace}/storm`) !== undefined);
    expect(proxy.requests.length).toBeLessThanOrEqual(8);
    expect(notices.filter((what) => what === "listed")).toHaveLength(1);
  });

  it("fault 10: of many that write the version they read, exactly one wins each round", async () => {
    await direct.create(kinds.configMap, configMap("contended", "0"));
    const increment = async (): Promise<void> => {
      for (;;) {
        const read = await direct.get(kinds.configMap, ref("contended"));
        const next = { ...read, data: { value: String(Number(read.data?.["value"]) + 1) } };
        const won = await direct.replace(kinds.configMap, next).catch((error: unknown) => {
          if ((error as Error).name === "ConflictError") return undefined;
          throw error;
        });
        if (won) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, increment));
    expect((await direct.get(kinds.configMap, ref("contended"))).data).toEqual({ value: "10" });
  });

  it("fault 17: a wrong token is Unauthorized, and heals when the right one is there", async () => {
    let token = "Bearer wrong";
    const right = await access.credentials();
    const kube = client({
      ...access,
      credentials: () => Promise.resolve({ ca: right.ca, authorization: token }),
    });
    await expect(kube.get(kinds.namespace, { name: namespace })).rejects.toMatchObject({ name: "UnauthorizedError" });
    token = right.authorization ?? "";
    await expect(kube.get(kinds.namespace, { name: namespace })).resolves.toBeDefined();
  });

  it("fault 17: a wrong authority is Unreachable, and heals when the right one is there", async () => {
    const right = await access.credentials();
    let ca = "";
    const kube = client({
      ...access,
      credentials: () => Promise.resolve({ ...right, ca: ca || "-----BEGIN CERTIFICATE-----\n" }),
    });
    await expect(kube.get(kinds.namespace, { name: namespace })).rejects.toMatchObject({ name: "UnreachableError" });
    ca = right.ca ?? "";
    await expect(kube.get(kinds.namespace, { name: namespace })).resolves.toBeDefined();
  });

  it("fault 13: a watch behind a dead link, without a FIN, is noticed within 60 s and caught up within 90 s", async () => {
    const proxy = await startFreezingProxy(access);
    ends.push(() => proxy.close());
    const notices: string[] = [];
    const reflector = reflect(client(proxy.access), notices);
    await reflector.whenSynced();
    await until("a watch is open", () => proxy.open() >= 2);
    await sleep(500);
    proxy.freezeOpen();
    const frozenAt = Date.now();
    await direct.apply(kinds.configMap, configMap("behind", "dead link"));
    await until("noticed", () => notices.includes("watch-silent"), 60_000);
    await until(
      "caught up",
      () => reflector.get(`${namespace}/behind`) !== undefined,
      90_000 - (Date.now() - frozenAt),
    );
  });

  it("fault 13: a version compacted away (410) leads to a new list, and nothing is lost", async () => {
    const proxy = await startFaultProxy(access);
    ends.push(() => proxy.close());
    const notices: string[] = [];
    const gone = {
      answer: 410,
      body: { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" },
    };
    let expired = false;
    proxy.rule((request) => {
      if (expired || !request.url?.includes("watch=true")) return undefined;
      expired = true;
      return gone;
    });
    const reflector = reflect(client(proxy.access), notices);
    await direct.apply(kinds.configMap, configMap("after-410"));
    await until(
      "caught up",
      () =>
        reflector.get(`${namespace}/after-410`) !== undefined &&
        notices.filter((what) => what === "listed").length >= 2,
    );
  });
});

describe("a client of an API server that is killed and comes back", () => {
  it("fault 8: the watch goes on by itself, no object is told deleted, and writes work again", async () => {
    const plane = await startControlPlane();
    ends.push(() => plane.stop());
    const kube = client(clusterAccess(plane.kubeconfigPath), 5000);
    await kube.create(kinds.namespace, { metadata: { name: namespace } });
    for (let index = 0; index < 20; index += 1) await kube.apply(kinds.configMap, configMap(`kept-${index}`));
    const reflector = reflect(kube);
    const deleted: string[] = [];
    reflector.subscribe((change) => {
      if (change.type === "deleted") deleted.push(change.key);
    });
    await reflector.whenSynced();
    const size = reflector.size;
    const back = plane.restartApiServer({ downMs: 3000 });
    await expect(kube.get(kinds.namespace, { name: namespace })).rejects.toThrow(UnreachableError);
    await back;
    await kube.apply(kinds.configMap, configMap("afterwards"));
    await until("seen by the watch", () => reflector.get(`${namespace}/afterwards`) !== undefined, 60_000);
    expect(deleted).toEqual([]);
    expect(reflector.size).toBe(size + 1);
  }, 180_000);
});
