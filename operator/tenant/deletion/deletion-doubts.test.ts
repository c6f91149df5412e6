import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { VaultTemplate } from "../../../crds/index.ts";
import { UnreachableError } from "../../../kube/errors.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { aTemplate } from "../../../test/builders/a-world.ts";
import { createDeletionScene } from "../../../test/contract/deletion-scene.ts";
import { tenantKind } from "../../../test/contract/deletion-stage.ts";
import { type FakeDeletionStage, openFakeDeletionStage } from "../../../test/contract/fake-deletion-stage.ts";
import { DatabaseError } from "../../database/errors.ts";
import { annotations, namespaceOf } from "../names.ts";

let stage: FakeDeletionStage;
const scene = createDeletionScene(() => stage, { everyKill: 1, withinMs: 10_000 });
const { start, soon, find, records, conditionOf, apply, settled, remove, gone, phased, expireNow, refused, remains } =
  scene;

beforeAll(async () => {
  stage = await openFakeDeletionStage();
});
afterEach(async () => {
  stage.postgres.trouble = null;
  await scene.clear();
});

const dropped = (vaultId: string): Promise<boolean> => stage.rows(vaultId).then((rows) => rows === null);
const pause = () => new Promise((resolve) => setTimeout(resolve, 200));

describe("I5: no destruction on doubt", () => {
  it("keeps everything while the database server is away, says so, and goes on when it is back (fault 20)", async () => {
    await start();
    const { slug, vaultId } = await settled({ retention: "0s" });
    stage.postgres.trouble = new DatabaseError("DatabaseServerUnreachable", "It cannot be reached.");
    await remove(slug);
    await soon("it is blocked", async () => {
      const condition = conditionOf(await find(slug), "DeletionBlocked");
      return condition?.status === "True" && condition.reason === "DatabaseServerUnreachable";
    });
    expect(await stage.kube.find(kinds.namespace, { name: namespaceOf(vaultId) })).toBeDefined();
    stage.postgres.trouble = null;
    await gone(slug);
    expect(await dropped(vaultId)).toBe(true);
  });

  it("refuses a restore while the database server is away, and does it when the server is back", async () => {
    await start();
    const { slug, vaultId, row } = await settled({ retention: "24h" });
    await remove(slug);
    await gone(slug);
    const [kept] = await records(slug);
    stage.postgres.trouble = new DatabaseError("DatabaseServerUnreachable", "It cannot be reached.");
    await apply(`${slug}-r`, { restoreFrom: kept?.metadata.name ?? "" });
    await refused(`${slug}-r`, "DatabaseServerUnreachable");
    expect((await records(slug))[0]?.status?.phase).toBe("Kept");
    stage.postgres.trouble = null;
    await scene.settle(`${slug}-r`);
    expect(await stage.rows(vaultId)).toEqual([row]);
  });

  it("does not purge a vault that a Tenant carries, however it came by the id", async () => {
    await start();
    const { slug, vaultId, row } = await settled({ retention: "24h" });
    await remove(slug);
    await gone(slug);
    const kept = await phased(slug, "Kept");
    const other = `${slug}-x`;
    await apply(other, {}, { annotations: { [annotations.vaultId]: vaultId } });
    await refused(other, "VaultRetained");
    await expireNow(kept);
    await soon(
      "it is in doubt",
      async () => conditionOf((await records(slug))[0], "Blocked")?.reason === "DeletionInDoubt",
    );
    expect(await stage.rows(vaultId)).toEqual([row]);
    await remove(other);
    await phased(slug, "Purged");
  });

  it("does not drop what another Tenant carries too, and says which", async () => {
    await start();
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    const other = `${slug}-x`;
    await apply(other, {}, { annotations: { [annotations.vaultId]: vaultId } });
    await refused(other, "VaultIdTaken");
    await remove(slug);
    const message = await soon("it is in doubt", async () => {
      const condition = conditionOf(await find(slug), "DeletionBlocked");
      return condition?.reason === "DeletionInDoubt" && condition.message;
    });
    expect(message).toContain(`"${other}"`);
    expect(await stage.rows(vaultId)).toEqual([row]);
    await remove(other);
    await gone(slug);
    expect(await dropped(vaultId)).toBe(true);
  });

  it("fault 36: does not begin while the breaker's book cannot be read, and asks all the same when it can", async () => {
    await start({ enabled: true, tenantsPerHour: 0, percentPerHour: 0 });
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    stage.kube.intercept(({ kind }) => {
      if (kind === "ConfigMap") throw new UnreachableError({ verb: "get", kind }, "no answer");
    });
    await remove(slug);
    await soon(
      "it is blocked",
      async () => conditionOf(await find(slug), "DeletionBlocked")?.reason === "KubernetesUnreachable",
    );
    expect((await find(slug))?.status?.phase).toBe("Active");
    stage.kube.intercept(undefined);
    await soon("it is held", async () => conditionOf(await find(slug), "DeletionHeld")?.status === "True");
    expect(await stage.rows(vaultId)).toEqual([row]);
  });

  it("fault 36: a no is a no while the database server is away", async () => {
    await start({ enabled: true, tenantsPerHour: 0, percentPerHour: 0 });
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    await remove(slug);
    await soon("it is held", async () => conditionOf(await find(slug), "DeletionHeld")?.status === "True");
    stage.postgres.trouble = new DatabaseError("DatabaseServerUnreachable", "It cannot be reached.");
    await scene.answer(slug, "rejected");
    await soon("it is blocked", async () => conditionOf(await find(slug), "DeletionBlocked")?.status === "True");
    stage.postgres.trouble = null;
    await soon("it is back", async () => {
      const tenant = await find(slug);
      return tenant?.metadata.deletionTimestamp === undefined && tenant?.status?.phase === "Active";
    });
    expect(await stage.rows(vaultId)).toEqual([row]);
  });

  it("fault 36: keeps a vault whose deletion was rejected when its name is somebody else's by then, and says so", async () => {
    await start({ enabled: true, tenantsPerHour: 0, percentPerHour: 0 });
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    await remove(slug);
    await soon("it is held", async () => conditionOf(await find(slug), "DeletionHeld")?.status === "True");
    // Whoever was quicker: another Tenant has the name before the old one returns.
    stage.kube.intercept(async ({ verb, kind }) => {
      if (verb !== "create" || kind !== "Tenant") return;
      stage.kube.intercept(undefined);
      await apply(slug);
    });
    await scene.answer(slug, "rejected");
    await soon(
      "the name is taken",
      async () => conditionOf((await records(slug))[0], "Blocked")?.reason === "SlugTaken",
    );
    expect(await stage.rows(vaultId)).toEqual([row]);
    expect((await find(slug))?.status?.vaultId).not.toBe(vaultId);
  });

  it("fault 36: holds every Tenant while their kind itself is being deleted, however few they are", async () => {
    await start();
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    const name = "tenants.polyphony.dev";
    await stage.kube.create(kinds.customResourceDefinition, {
      metadata: { name, finalizers: ["customresourcecleanup"] },
    });
    await stage.kube.delete(kinds.customResourceDefinition, { name });
    await remove(slug);
    await soon("it is held", async () => conditionOf(await find(slug), "DeletionHeld")?.status === "True");
    expect(await stage.rows(vaultId)).toEqual([row]);
    await stage.kube.patch(kinds.customResourceDefinition, { name }, { metadata: { finalizers: [] } });
  });

  it("faults 14, 36: destroys nothing because a list came back empty", async () => {
    await start();
    const { slug, vaultId, row } = await settled({ retention: "0s" });
    const list = stage.kube.listPage.bind(stage.kube);
    stage.kube.listPage = async (kind, how) => {
      const page = await list(kind, how);
      return kind.kind === "Tenant" ? { ...page, items: [] } : page;
    };
    await start();
    await pause();
    stage.kube.listPage = list;
    expect(await stage.rows(vaultId)).toEqual([row]);
    expect(await remains(slug, vaultId)).toMatchObject({ tenant: true, namespace: true, open: true });
  });

  it("takes an edit of the vault id by hand back, and deletes the vault that the Tenant has", async () => {
    await start();
    const [one, two] = [await settled({ retention: "0s" }), await settled({ retention: "0s" })];
    const edit = { metadata: { annotations: { [annotations.vaultId]: two.vaultId } } };
    await stage.kube.patch(tenantKind, { name: one.slug }, edit);
    await soon(
      "it is put back",
      async () => (await find(one.slug))?.metadata.annotations?.[annotations.vaultId] === one.vaultId,
    );
    await remove(one.slug);
    await gone(one.slug);
    expect(await dropped(one.vaultId)).toBe(true);
    expect(await stage.rows(two.vaultId)).toEqual([two.row]);
  });

  it("refuses a vault id that is none, and one whose database another template made", async () => {
    await start();
    const { slug, vaultId } = await settled();
    const band = { ...aTemplate(), metadata: { name: "band" } } as VaultTemplate;
    await stage.kube.create(typed<VaultTemplate>(kinds.vaultTemplate), band);
    await apply(`${slug}-a`, {}, { annotations: { [annotations.vaultId]: "../../etc" } });
    await refused(`${slug}-a`, "VaultIdInvalid");
    await scene.stop();
    await stage.kube.patch(tenantKind, { name: slug }, { metadata: { finalizers: [] } });
    await remove(slug);
    await apply(`${slug}-b`, { template: "band" }, { annotations: { [annotations.vaultId]: vaultId } });
    await start();
    await refused(`${slug}-b`, "TemplateDiffers");
  });
});
