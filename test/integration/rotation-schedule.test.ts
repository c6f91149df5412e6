import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { tenantKind } from "../../operator/tenant/gather.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { eventually } from "../harness/eventually.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";
import { type OperatorInProcess, startOperator } from "./operator-in-process.ts";
import { startStandInKubelet } from "./stand-in-kubelet.ts";

const slugs = [1, 2, 3].map((n) => `schedule-${process.pid}-${n}`);

let api: ApiServer;
let operator: OperatorInProcess;
let kubelet: { stop(): Promise<void> };
const vaultIds: string[] = [];

const tenants = (): Promise<Tenant[]> => Promise.all(slugs.map((name) => operator.kube.get(tenantKind, { name })));

beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  operator = await startOperator({ ROTATE_SECRETS_AFTER: "30s" });
  kubelet = await startStandInKubelet(api, operator.kube, () => vaultIds.map(namespaceOf));
  for (const slug of slugs) {
    vaultIds.push((await operator.kube.create(tenantKind, operator.tenant(slug) as Tenant)).metadata.uid);
  }
});

/** Secrets come of age while it waits. */
const patience = { withinMs: 90_000, strict: true };

afterAll(async () => {
  await Promise.all(slugs.map((name) => operator.kube.delete(tenantKind, { name })));
  const found = () => Promise.all(slugs.map((name) => operator.kube.find(tenantKind, { name })));
  await eventually(
    "the Tenants are gone",
    async () => (await found()).every((tenant) => tenant === undefined),
    patience,
  );
  await kubelet.stop();
  await operator.stop();
  api.close();
});

describe("D7: rotation by the schedule", () => {
  it("replaces both secrets of every vault at their age, with nobody asking, and counts anew from then", async () => {
    const replaced = async () =>
      (await tenants()).every(
        ({ status }) => status?.secretVersions?.database === 2 && status.secretVersions.signing === 2,
      );
    await eventually("every vault has new secrets", replaced, patience);
    for (const { metadata, status } of await tenants()) {
      const { database, signing } = status?.rotation ?? {};
      const ages = [database, signing].map(
        (one) => Date.parse(one?.rotatedAt ?? "") - Date.parse(metadata.creationTimestamp),
      );
      // Up to a tenth early; a roll of the stand-in's pods takes a few seconds more.
      for (const age of ages.filter((one) => !Number.isNaN(one))) expect(age).toBeGreaterThanOrEqual(27_000);
      expect(database?.request).toBeUndefined();
    }
  });
});
