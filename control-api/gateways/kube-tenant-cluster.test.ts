import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import type { VaultTemplate } from "../../crds/index.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { createKubeTenantCluster } from "./kube-tenant-cluster.ts";

const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);
const aTemplate = (name: string, finalizers: string[] = []) =>
  ({
    metadata: { name, finalizers },
    spec: { displayName: name.toUpperCase(), plans: { trial: {}, free: {} } },
  }) as unknown as VaultTemplate;

describe("O1: which VaultTemplates there are", () => {
  it("is told as a whole, once the first list is in and after each change; one on its way out is not among them", async () => {
    const kube = createFakeKube();
    await kube.create(templateKind, aTemplate("band"));
    await kube.create(templateKind, aTemplate("choir", ["example.org/held"]));
    const told: string[][] = [];
    const troubles: unknown[] = [];
    const cluster = createKubeTenantCluster({ kube, onTrouble: (error) => troubles.push(error) });
    const until = async (count: number): Promise<string[] | undefined> => {
      while (told.length < count) await sleep(5);
      return told.at(-1);
    };
    const stop = cluster.watchTemplates((all) =>
      told.push(all.map(({ name, displayName, plans }) => `${name} ${displayName} ${plans.join()}`)),
    );
    expect(await until(1)).toEqual(["band BAND free,trial", "choir CHOIR free,trial"]);
    await kube.delete(templateKind, { name: "choir" });
    expect(await until(2)).toEqual(["band BAND free,trial"]);
    await kube.delete(templateKind, { name: "band" });
    expect(await until(3)).toEqual([]);
    await stop();
    expect([told.length, troubles]).toEqual([3, []]);
  });

  it("is told when there are none, so that what is gone can be noticed", async () => {
    const told: unknown[] = [];
    const stop = createKubeTenantCluster({ kube: createFakeKube(), onTrouble: () => undefined }).watchTemplates((all) =>
      told.push(all),
    );
    while (told.length === 0) await sleep(5);
    await stop();
    expect(told).toEqual([[]]);
  });
});
