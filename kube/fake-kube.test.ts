import { describe, expect, it } from "@jest/globals";
import { kubeContract } from "../test/contract/kube-contract.ts";
import { GoneError, ServerError } from "./errors.ts";
import { createFakeKube } from "./fake-kube.ts";
import { kinds } from "./kinds.ts";

kubeContract("the fake", () => Promise.resolve({ kube: createFakeKube(), patienceMs: 0 }));

describe("the fake's handles", () => {
  it("fault 12: intercept answers in the server's place", async () => {
    const kube = createFakeKube();
    kube.intercept((call) => {
      if (call.verb === "create") throw new ServerError(call, 503, "etcd is away");
    });
    await expect(kube.create(kinds.namespace, { metadata: { name: "x" } })).rejects.toThrow(/etcd is away/);
    kube.intercept(undefined);
    await kube.create(kinds.namespace, { metadata: { name: "x" } });
    expect(kube.writes().map((call) => call.verb)).toEqual(["create", "create"]);
  });

  it("fault 13: a compacted version is gone for lists in pages and for watches", async () => {
    const kube = createFakeKube();
    const page = await kube.listPage(kinds.namespace, { limit: 1 });
    await kube.create(kinds.namespace, { metadata: { name: "x" } });
    kube.compact();
    await expect(kube.listPage(kinds.namespace, { limit: 1, continue: page.continue })).rejects.toThrow(GoneError);
    const watch = kube.watch(kinds.namespace, { resourceVersion: page.resourceVersion })[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toThrow(GoneError);
  });
});
