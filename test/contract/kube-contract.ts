import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { AlreadyExistsError, ConflictError, ignoreNotFound, InvalidError, NotFoundError } from "../../kube/errors.ts";
import { type ConfigMap, type Deployment, kinds } from "../../kube/kinds.ts";
import type { Kube, WatchEvent } from "../../kube/kube.ts";

/** What a suite brings: the thing under test, and the same under another field manager's name where it matters. */
export interface KubeSubject {
  kube: Kube;
  /** How long the server may take for what it does by itself (namespace deletion). */
  patienceMs: number;
  stop?(): Promise<void>;
}

const suffix = (): string => randomBytes(4).toString("hex");

const configMap = (namespace: string, name: string, data: Record<string, string> = {}): ConfigMap => ({
  metadata: { name, namespace, labels: { suite: "contract" } },
  data,
});

const deployment = (namespace: string, name: string): Deployment => ({
  metadata: { name, namespace },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "one", image: "example.test/one:1", env: [{ name: "A", value: "1" }] }] },
    },
  },
});

/** Collects events until `enough` says so; the watch is then aborted. */
const events = async (
  kube: Kube,
  namespace: string,
  resourceVersion: string,
  enough: (seen: WatchEvent<ConfigMap>[]) => boolean,
  labelSelector?: string,
): Promise<WatchEvent<ConfigMap>[]> => {
  const abort = new AbortController();
  const seen: WatchEvent<ConfigMap>[] = [];
  const options = { namespace, resourceVersion, signal: abort.signal, timeoutSeconds: 20, labelSelector };
  for await (const event of kube.watch(kinds.configMap, options)) {
    if (event.type === "BOOKMARK") continue;
    seen.push(event);
    if (enough(seen)) break;
  }
  abort.abort();
  return seen;
};

const until = async (patienceMs: number, holds: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not happen within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** What everything that calls itself Kube does. Run on the fake and on a real API server. */
export const kubeContract = (name: string, make: () => Promise<KubeSubject>): void => {
  describe(`${name} keeps the Kube contract`, () => {
    const namespace = `contract-${suffix()}`;
    let subject: KubeSubject;
    let kube: Kube;
    const ref = (of: string) => ({ name: of, namespace });

    beforeAll(async () => {
      subject = await make();
      kube = subject.kube;
      await kube.create(kinds.namespace, { metadata: { name: namespace } });
    });
    afterAll(async () => {
      await kube.delete(kinds.namespace, { name: namespace }).catch(ignoreNotFound);
      await subject.stop?.();
    });

    it("creates once, reads back with identity, and refuses the same name again", async () => {
      const made = await kube.create(kinds.configMap, configMap(namespace, "create", { a: "1" }));
      expect(made.metadata).toMatchObject({ name: "create", namespace });
      expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(typeof made.metadata?.creationTimestamp).toBe("string");
      const read = await kube.get(kinds.configMap, ref("create"));
      expect(read.data).toEqual({ a: "1" });
      expect(read.metadata?.resourceVersion).toBe(made.metadata?.resourceVersion);
      const again = kube.create(kinds.configMap, configMap(namespace, "create"));
      await expect(again).rejects.toThrow(AlreadyExistsError);
    });

    it("tells a missing object from a missing kind", async () => {
      expect(await kube.find(kinds.configMap, ref("nobody"))).toBeUndefined();
      const missing = kube.get(kinds.configMap, ref("nobody"));
      await expect(missing).rejects.toMatchObject({ name: "NotFoundError", kindMissing: false });
      await expect(missing).rejects.toThrow(/get ConfigMap nobody/);
      await expect(kube.delete(kinds.configMap, ref("nobody"))).rejects.toThrow(NotFoundError);
    });

    it("refuses a namespaced object in a namespace that is not there", async () => {
      const orphan = kube.apply(kinds.configMap, configMap("no-such-namespace", "x"));
      await expect(orphan).rejects.toMatchObject({ name: "NotFoundError", kindMissing: false });
    });

    it("applies: creates, changes only what differs, and stores nothing the second time", async () => {
      const first = await kube.apply(kinds.configMap, configMap(namespace, "apply", { a: "1", b: "2" }));
      const same = await kube.apply(kinds.configMap, configMap(namespace, "apply", { a: "1", b: "2" }));
      expect(same.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
      const next = await kube.apply(kinds.configMap, configMap(namespace, "apply", { a: "3" }));
      expect(next.data).toEqual({ a: "3" });
      expect(next.metadata?.resourceVersion).not.toBe(first.metadata?.resourceVersion);
    });

    it("K2: an apply leaves other managers' fields alone and names them when it wants the same field", async () => {
      await kube.apply(kinds.configMap, configMap(namespace, "shared", { theirs: "1" }), {
        fieldManager: "other-tool",
      });
      const mine = await kube.apply(kinds.configMap, configMap(namespace, "shared", { mine: "1" }));
      expect(mine.data).toEqual({ theirs: "1", mine: "1" });
      const clash = kube.apply(kinds.configMap, configMap(namespace, "shared", { mine: "1", theirs: "2" }));
      await expect(clash).rejects.toMatchObject({ managers: ["other-tool"], fields: [".data.theirs"] });
      await expect(clash).rejects.toThrow(ConflictError);
      const forced = await kube.apply(kinds.configMap, configMap(namespace, "shared", { theirs: "2" }), {
        force: true,
      });
      expect(forced.data).toEqual({ theirs: "2" });
    });

    it("merges containers by name and environment by name when applied, and drops what is no longer said", async () => {
      await kube.apply(kinds.deployment, deployment(namespace, "merge"));
      const extra: Deployment = {
        metadata: { name: "merge", namespace },
        spec: {
          selector: { matchLabels: { app: "merge" } },
          template: {
            metadata: { labels: { app: "merge" } },
            spec: { containers: [{ name: "two", image: "example.test/two:1" }] },
          },
        },
      };
      await kube.apply(kinds.deployment, extra, { fieldManager: "injector" });
      const changed = deployment(namespace, "merge");
      const container = changed.spec?.template.spec?.containers[0];
      if (container) container.env = [{ name: "B", value: "2" }];
      const after = await kube.apply(kinds.deployment, changed);
      const containers = after.spec?.template.spec?.containers ?? [];
      expect(containers.map((one) => one.name).sort()).toEqual(["one", "two"]);
      const env = containers.find((one) => one.name === "one")?.env;
      expect(env?.map(({ name: key, value }) => ({ key, value }))).toEqual([{ key: "B", value: "2" }]);
    });

    it("K10: uid and resourceVersion in an apply are preconditions", async () => {
      const made = await kube.apply(kinds.configMap, configMap(namespace, "precondition", { a: "1" }));
      const at = (uid: string | undefined, resourceVersion: string | undefined): ConfigMap => ({
        metadata: { name: "precondition", namespace, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
        data: { a: "2" },
      });
      const { uid, resourceVersion } = made.metadata ?? {};
      const foreign = kube.apply(kinds.configMap, at("00000000-0000-0000-0000-000000000000", undefined));
      await expect(foreign).rejects.toThrow(ConflictError);
      await kube.apply(kinds.configMap, at(uid, resourceVersion));
      const stale = { ...at(uid, resourceVersion), data: { a: "3" } };
      await expect(kube.apply(kinds.configMap, stale)).rejects.toThrow(ConflictError);
    });

    it("fault 14: an apply meant for one uid never makes a new object of the same name", async () => {
      const ghost: ConfigMap = {
        metadata: { name: "ghost", namespace, uid: "00000000-0000-0000-0000-000000000000" },
        data: { a: "1" },
      };
      await expect(kube.apply(kinds.configMap, ghost)).rejects.toThrow(ConflictError);
      expect(await kube.find(kinds.configMap, ref("ghost"))).toBeUndefined();
    });

    it("patches by merge: null removes, and a resourceVersion in it is a precondition (fault 10)", async () => {
      const made = await kube.create(kinds.configMap, configMap(namespace, "patch", { a: "1", b: "2" }));
      const patched = await kube.patch(kinds.configMap, ref("patch"), {
        metadata: { annotations: { note: "x" }, resourceVersion: made.metadata?.resourceVersion },
        data: { a: null },
      });
      expect(patched.data).toEqual({ b: "2" });
      expect(patched.metadata?.annotations).toEqual({ note: "x" });
      const stale = kube.patch(kinds.configMap, ref("patch"), {
        metadata: { resourceVersion: made.metadata?.resourceVersion, annotations: { note: "y" } },
      });
      await expect(stale).rejects.toThrow(ConflictError);
    });

    it("replaces the whole object, and only the version that was read", async () => {
      const made = await kube.create(kinds.configMap, configMap(namespace, "replace", { a: "1" }));
      const put = { ...made, data: { b: "2" } };
      expect((await kube.replace(kinds.configMap, put)).data).toEqual({ b: "2" });
      await expect(kube.replace(kinds.configMap, { ...put, data: { c: "3" } })).rejects.toThrow(ConflictError);
    });

    it("fault 14: a replace of what was deleted meanwhile makes nothing new", async () => {
      const made = await kube.create(kinds.configMap, configMap(namespace, "replace-gone"));
      await kube.delete(kinds.configMap, ref("replace-gone"));
      await expect(kube.replace(kinds.configMap, made)).rejects.toThrow(NotFoundError);
      const lease = await kube.create(kinds.lease, { metadata: { name: "replace-gone", namespace } });
      await kube.delete(kinds.lease, ref("replace-gone"));
      await expect(kube.replace(kinds.lease, lease)).rejects.toThrow(ConflictError);
      expect(await kube.find(kinds.lease, ref("replace-gone"))).toBeUndefined();
    });

    it("a status write changes the status only, and any other write leaves it as it is", async () => {
      const made = await kube.apply(kinds.deployment, deployment(namespace, "status"));
      const status = { status: { observedGeneration: 1, replicas: 0 }, spec: { replicas: 7 } };
      const after = await kube.patchStatus(kinds.deployment, ref("status"), status);
      expect(after.spec?.replicas).toBe(0);
      expect(after.metadata?.generation).toBe(made.metadata?.generation);
      const spec = await kube.patch(kinds.deployment, ref("status"), {
        spec: { paused: true },
        status: { replicas: 9 },
      });
      expect(spec.status?.replicas ?? 0).not.toBe(9);
      expect(spec.metadata?.generation).toBe((made.metadata?.generation ?? 0) + 1);
    });

    it("a dry run answers as if, and stores nothing", async () => {
      await kube.apply(kinds.configMap, configMap(namespace, "dry", { a: "1" }), { dryRun: true });
      expect(await kube.find(kinds.configMap, ref("dry"))).toBeUndefined();
    });

    it("deletes by uid: never a successor of the same name (fault 14)", async () => {
      const first = await kube.create(kinds.configMap, configMap(namespace, "again"));
      await kube.delete(kinds.configMap, ref("again"), { uid: first.metadata?.uid });
      const second = await kube.create(kinds.configMap, configMap(namespace, "again"));
      const stale = kube.delete(kinds.configMap, ref("again"), { uid: first.metadata?.uid });
      await expect(stale).rejects.toThrow(ConflictError);
      expect((await kube.get(kinds.configMap, ref("again"))).metadata?.uid).toBe(second.metadata?.uid);
      const old = { uid: second.metadata?.uid, resourceVersion: "1" };
      await expect(kube.delete(kinds.configMap, ref("again"), old)).rejects.toThrow(ConflictError);
    });

    it("a deletion that is a dry run is checked and deletes nothing", async () => {
      await kube.create(kinds.configMap, configMap(namespace, "dry-delete", { a: "1" }));
      await kube.delete(kinds.configMap, ref("dry-delete"), { dryRun: true });
      expect(await kube.find(kinds.configMap, ref("dry-delete"))).toBeDefined();
      const another = { dryRun: true, uid: "00000000-0000-0000-0000-000000000000" };
      await expect(kube.delete(kinds.configMap, ref("dry-delete"), another)).rejects.toThrow(ConflictError);
    });

    it("a finalizer keeps a deleted object until it is taken away", async () => {
      const held = configMap(namespace, "held");
      held.metadata = { ...held.metadata, finalizers: ["polyphony.dev/test"] };
      await kube.create(kinds.configMap, held);
      await kube.delete(kinds.configMap, ref("held"));
      const going = await kube.get(kinds.configMap, ref("held"));
      expect(going.metadata?.deletionTimestamp).toBeDefined();
      await kube.patch(kinds.configMap, ref("held"), { metadata: { finalizers: null } });
      expect(await kube.find(kinds.configMap, ref("held"))).toBeUndefined();
    });

    it("lists by label and field, in pages", async () => {
      for (const index of [1, 2, 3, 4, 5]) {
        const object = configMap(namespace, `page-${index}`);
        object.metadata = { ...object.metadata, labels: { page: String(index), set: index % 2 ? "odd" : "even" } };
        await kube.create(kinds.configMap, object);
      }
      const odd = await kube.list(kinds.configMap, { namespace, labelSelector: "set=odd", pageSize: 2 });
      expect(odd.map((one) => one.metadata?.name)).toEqual(["page-1", "page-3", "page-5"]);
      const some = await kube.list(kinds.configMap, { namespace, labelSelector: "page in (2,4),set!=odd" });
      expect(some).toHaveLength(2);
      const one = await kube.list(kinds.configMap, { namespace, fieldSelector: "metadata.name=page-3" });
      expect(one).toHaveLength(1);
      const page = await kube.listPage(kinds.configMap, { namespace, labelSelector: "page", limit: 3 });
      expect(page.items).toHaveLength(3);
      expect(page.continue).toBeTruthy();
      const broken = kube.listPage(kinds.configMap, {
        namespace,
        limit: 3,
        continue: page.continue && "bm90LWEtdG9rZW4",
      });
      await expect(broken).rejects.toThrow();
    });

    it("watches from a version on: added, modified, deleted, in order", async () => {
      const { resourceVersion } = await kube.listPage(kinds.configMap, { namespace });
      const seen = events(kube, namespace, resourceVersion, (all) => all.length === 3);
      await kube.create(kinds.configMap, configMap(namespace, "watched", { a: "1" }));
      await kube.apply(kinds.configMap, configMap(namespace, "watched", { b: "2" }));
      await kube.delete(kinds.configMap, ref("watched"));
      expect((await seen).map((event) => [event.type, event.object.metadata?.name])).toEqual([
        ["ADDED", "watched"],
        ["MODIFIED", "watched"],
        ["DELETED", "watched"],
      ]);
    });

    it("a watch with a selector sees an object that stops matching as deleted", async () => {
      const { resourceVersion } = await kube.listPage(kinds.configMap, { namespace });
      const seen = events(kube, namespace, resourceVersion, (all) => all.length === 2, "pick=me");
      const picked = configMap(namespace, "picked");
      picked.metadata = { ...picked.metadata, labels: { pick: "me" } };
      await kube.create(kinds.configMap, picked);
      await kube.patch(kinds.configMap, ref("picked"), { metadata: { labels: { pick: null } } });
      expect((await seen).map((event) => event.type)).toEqual(["ADDED", "DELETED"]);
    });

    it("a watch ends by itself after its time and by the signal at once", async () => {
      const { resourceVersion } = await kube.listPage(kinds.configMap, { namespace });
      let opened = 0;
      const onOpen = (): void => void (opened += 1);
      for await (const event of kube.watch(kinds.configMap, {
        namespace,
        resourceVersion,
        timeoutSeconds: 1,
        onOpen,
      })) {
        expect(event.type).toBe("BOOKMARK");
      }
      expect(opened).toBe(1);
      const abort = new AbortController();
      const aborted = kube
        .watch(kinds.configMap, { namespace, resourceVersion, signal: abort.signal })
        [Symbol.asyncIterator]()
        .next();
      setTimeout(() => abort.abort(), 200);
      await expect(aborted).rejects.toMatchObject({ name: "AbortedError" });
    });

    it("names the field of an object the schema refuses", async () => {
      const nameless = kube.create(kinds.configMap, { metadata: { namespace } });
      await expect(nameless).rejects.toThrow(InvalidError);
    });

    it("a deleted namespace takes everything in it along and takes nothing new", async () => {
      const going = `going-${suffix()}`;
      await kube.create(kinds.namespace, { metadata: { name: going } });
      const held = configMap(going, "held");
      held.metadata = { ...held.metadata, finalizers: ["polyphony.dev/test"] };
      await kube.create(kinds.configMap, held);
      await kube.create(kinds.configMap, configMap(going, "free"));
      await kube.delete(kinds.namespace, { name: going });
      await until(
        subject.patienceMs,
        async () => !(await kube.find(kinds.configMap, { name: "free", namespace: going })),
      );
      expect((await kube.get(kinds.namespace, { name: going })).metadata?.deletionTimestamp).toBeDefined();
      const late = kube.create(kinds.configMap, configMap(going, "late"));
      await expect(late).rejects.toMatchObject({ name: "ForbiddenError", call: { verb: "create", kind: "ConfigMap" } });
      await kube.patch(kinds.configMap, { name: "held", namespace: going }, { metadata: { finalizers: null } });
      await until(subject.patienceMs, async () => !(await kube.find(kinds.namespace, { name: going })));
    });
  });
};
