import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { RetainedVault } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { annotations, namespaceOf } from "../../operator/tenant/names.ts";
import { createDeletionScene, type DeletionContractOptions, newSlug } from "./deletion-scene.ts";
import { type DeletionStage, retainedKind, tenantKind } from "./deletion-stage.ts";

/** Deletion, retention and return: the same promises on pretended and on real servers. */
export const deletionContract = (
  name: string,
  open: () => Promise<DeletionStage>,
  options: DeletionContractOptions,
): void => {
  let stage: DeletionStage;
  const scene = createDeletionScene(() => stage, options);
  const {
    start,
    soon,
    find,
    records,
    conditionOf,
    apply,
    settle,
    settled,
    remove,
    gone,
    phased,
    expireNow,
    answer,
    refused,
    remains,
  } = scene;

  describe(`deletion and return on ${name}`, () => {
    beforeAll(async () => {
      stage = await open();
    });
    afterEach(scene.clear, 60_000);
    afterAll(async () => {
      await stage.close();
    });

    it("K4: with a retention the data is kept, closed, and on record; the namespace and the Tenant are gone", async () => {
      await start();
      const { slug, vaultId, row } = await settled({ retention: "24h" });
      await remove(slug);
      await gone(slug);
      expect(await remains(slug, vaultId)).toEqual({
        tenant: false,
        records: ["Kept"],
        namespace: false,
        database: 3,
        open: false,
        rows: [row],
      });
    });

    it("K4: with retention 0s nothing is left at once, no record either", async () => {
      await start();
      const { slug, vaultId } = await settled({ retention: "0s" });
      await remove(slug);
      await gone(slug);
      expect(await remains(slug, vaultId)).toEqual({
        tenant: false,
        records: [],
        namespace: false,
        database: 0,
        open: false,
        rows: null,
      });
    });

    it("K4: keepUntil may be edited; when it is over, database and logins are purged and the record says so", async () => {
      await start();
      const { slug, vaultId } = await settled({ retention: "24h" });
      await remove(slug);
      await gone(slug);
      const kept = await phased(slug, "Kept");
      await expireNow(kept);
      await phased(slug, "Purged");
      expect(await remains(slug, vaultId)).toMatchObject({ database: 0, rows: null });
      stage.later(25 * 3_600_000);
      await start();
      await soon("the record goes too", async () => (await records(slug)).length === 0);
    });

    it("K4: restoreFrom brings every row back under the same vault id, also under another name, with the last release", async () => {
      await start();
      const { slug, vaultId, row } = await settled({ retention: "24h" });
      const before = (await find(slug))?.status;
      await remove(slug);
      await gone(slug);
      const kept = await phased(slug, "Kept");
      const other = newSlug();
      await apply(other, { restoreFrom: kept.metadata.name });
      expect(await settle(other)).toBe(vaultId);
      await phased(slug, "Restored");
      expect(await stage.rows(vaultId)).toEqual([row]);
      expect(await stage.traces(vaultId)).toMatchObject({ open: true });
      const after = (await find(other))?.status;
      expect(after?.release).toEqual(before?.release);
      expect(after?.secretVersions).toEqual(before?.secretVersions);
      await expireNow((await records(slug))[0] as RetainedVault);
      const second = newSlug();
      await apply(second, { restoreFrom: kept.metadata.name });
      await refused(second, "RetainedVaultTaken");
      expect(await stage.rows(vaultId)).toEqual([row]);
    });

    it("K4: a restore is refused with its reason when the record is unknown, purged, of another template or organization", async () => {
      await start();
      const { slug } = await settled({ retention: "24h" });
      await remove(slug);
      await gone(slug);
      const kept = await phased(slug, "Kept");
      const from = kept.metadata.name;
      const slugs = [newSlug(), newSlug(), newSlug(), newSlug()] as const;
      await apply(slugs[0], { restoreFrom: "nobody-000000000000" });
      await refused(slugs[0], "RetainedVaultMissing");
      await apply(slugs[1], { restoreFrom: from, organization: { id: "org_other", name: "Other" } });
      await refused(slugs[1], "OrganizationDiffers");
      await apply(slugs[2], { restoreFrom: from, databaseServer: "elsewhere" });
      await refused(slugs[2], "DatabaseServerDiffers");
      await expireNow(kept);
      await phased(slug, "Purged");
      await apply(slugs[3], { restoreFrom: from });
      await refused(slugs[3], "RetainedVaultPurged");
    });

    it("fault 33: the same name again gets a vault of its own and never sees the old data", async () => {
      await start();
      const { slug, vaultId, row } = await settled({ retention: "24h" });
      await remove(slug);
      await gone(slug);
      await apply(slug);
      const fresh = await settle(slug);
      expect(fresh).not.toBe(vaultId);
      expect(await stage.rows(fresh)).toEqual([]);
      expect(await stage.rows(vaultId)).toEqual([row]);
    });

    it("K4: a Tenant that comes back with its vault id, from GitOps or a restored cluster, has its vault again", async () => {
      await start();
      const { slug, vaultId, row } = await settled({ retention: "24h" });
      await scene.stop();
      // As in a cluster that was restored from a backup: the object is there again, under another UID.
      await stage.kube.patch(tenantKind, { name: slug }, { metadata: { finalizers: [] } });
      await remove(slug);
      await apply(slug, {}, { annotations: { [annotations.vaultId]: vaultId } });
      await start();
      expect(await settle(slug)).toBe(vaultId);
      expect(await stage.rows(vaultId)).toEqual([row]);
      expect((await find(slug))?.metadata.annotations?.[annotations.databaseServer]).toBe(stage.server);
    });

    it("K4: a finalizer that holds the namespace is named with its object, the database stays, and the deletion goes on without it", async () => {
      await start();
      const { slug, vaultId } = await settled({ retention: "0s" });
      const secret = { namespace: namespaceOf(vaultId), name: "vault" };
      await stage.kube.patch(kinds.secret, secret, { metadata: { finalizers: ["example.org/backup"] } });
      await remove(slug);
      await soon(
        "the namespace is asked to go",
        async () => (await find(slug))?.status?.progress?.current === "RemoveNamespace",
      );
      stage.later(60_000);
      const blocked = await soon("it is blocked", async () => {
        const condition = conditionOf(await find(slug), "DeletionBlocked");
        return condition?.status === "True" && condition;
      });
      expect(blocked).toMatchObject({ reason: "NamespaceStuck" });
      expect(blocked.message).toContain("secret/vault (example.org/backup)");
      expect(await remains(slug, vaultId)).toMatchObject({ tenant: true, namespace: true, database: 3, open: false });
      await stage.kube.patch(kinds.secret, secret, { metadata: { finalizers: [] } });
      await gone(slug);
      expect(await remains(slug, vaultId)).toMatchObject({ namespace: false, database: 0 });
    });

    it("I4: a vault id written into a Tenant by hand opens neither a retained vault nor a living one, and its deletion takes nothing down", async () => {
      await start();
      const victim = await settled({ retention: "24h" });
      const lives = await settled({ retention: "24h" });
      await remove(victim.slug);
      await gone(victim.slug);
      const forged = [newSlug(), newSlug()] as const;
      const carrying = (id: string) => ({
        annotations: { [annotations.vaultId]: id },
        finalizers: ["polyphony.dev/vault"],
      });
      await apply(forged[0], { retention: "0s" }, carrying(victim.vaultId));
      await apply(forged[1], { retention: "0s" }, carrying(lives.vaultId));
      await refused(forged[0], "VaultRetained");
      await refused(forged[1], "VaultIdTaken");
      for (const slug of forged) {
        await remove(slug);
        await gone(slug);
      }
      expect(await stage.rows(victim.vaultId)).toEqual([victim.row]);
      expect(await stage.traces(victim.vaultId)).toMatchObject({ open: false });
      expect(await stage.rows(lives.vaultId)).toEqual([lives.row]);
      expect(await stage.traces(lives.vaultId)).toMatchObject({ open: true });
      expect(await stage.kube.find(kinds.namespace, { name: namespaceOf(lives.vaultId) })).toBeDefined();
    });

    it("I5: a record that is deleted by hand keeps its data until somebody confirms; rejected, another record takes its place", async () => {
      await start();
      const { slug, vaultId, row } = await settled({ retention: "24h" });
      await remove(slug);
      await gone(slug);
      const kept = await phased(slug, "Kept");
      const mark = (name: string, value: string) =>
        stage.kube.patch(retainedKind, { name }, { metadata: { annotations: { [annotations.deletion]: value } } });
      await stage.kube.delete(retainedKind, { name: kept.metadata.name });
      await soon("it asks", async () => {
        const [record] = await records(slug);
        return conditionOf(record, "DeletionHeld")?.reason === "PurgeUnconfirmed";
      });
      expect(await stage.rows(vaultId)).toEqual([row]);
      await mark(kept.metadata.name, "rejected");
      const next = await soon("another record", async () => {
        const [record] = await records(slug);
        return record && record.metadata.uid !== kept.metadata.uid ? record : false;
      });
      expect(await stage.rows(vaultId)).toEqual([row]);
      await stage.kube.delete(retainedKind, { name: next.metadata.name });
      await mark(next.metadata.name, "approved");
      await soon("all is gone", async () => (await records(slug)).length === 0);
      expect(await remains(slug, vaultId)).toMatchObject({ database: 0, rows: null });
    });

    it("fault 36: more deletions than five within an hour are held and serve on; approved they go, rejected they come back as they were", async () => {
      await start();
      const vaults = await Promise.all([1, 2, 3, 4, 5, 6].map(() => settled({ retention: "24h" })));
      await scene.stop();
      for (const { slug } of vaults) await remove(slug);
      await start();
      const held = (slug: string) =>
        soon(
          `${slug} is held`,
          async () => conditionOf(await find(slug), "DeletionHeld")?.reason === "DeletionBreakerOpen",
        );
      for (const { slug } of vaults) await held(slug);
      await start();
      for (const { slug, vaultId } of vaults) {
        await held(slug);
        expect(await stage.traces(vaultId)).toMatchObject({ open: true });
        expect((await find(slug))?.status?.phase).toBe("Active");
      }
      const [yes, no, ...others] = vaults as [(typeof vaults)[0], (typeof vaults)[0]];
      const uid = (await find(no.slug))?.metadata.uid;
      await answer(yes.slug, "approved");
      await gone(yes.slug);
      await answer(no.slug, "rejected");
      await soon("it is back", async () => {
        const tenant = await find(no.slug);
        return tenant?.metadata.uid !== uid && tenant?.status?.phase === "Active";
      });
      const back = await find(no.slug);
      expect(back?.metadata.deletionTimestamp).toBeUndefined();
      expect(back?.metadata.annotations).toMatchObject({ [annotations.vaultId]: no.vaultId });
      expect(back?.metadata.annotations).not.toHaveProperty([annotations.deletion]);
      expect(await stage.rows(no.vaultId)).toEqual([no.row]);
      await phased(no.slug, "Restored");
      for (const { slug } of others) await answer(slug, "approved");
      for (const { slug } of others) await gone(slug);
    }, 240_000);

    it("fault 36: five within an hour go, by the book even after a restart; the sixth is held, and not let go when the hour is over", async () => {
      await start();
      const vaults = await Promise.all([1, 2, 3, 4, 5, 6].map(() => settled({ retention: "0s" })));
      for (const { slug } of vaults.slice(0, 5)) await remove(slug);
      for (const { slug } of vaults.slice(0, 5)) await gone(slug);
      await start();
      const last = vaults[5] as (typeof vaults)[0];
      await remove(last.slug);
      await soon("it is held", async () => conditionOf(await find(last.slug), "DeletionHeld")?.status === "True");
      stage.later(2 * 3_600_000);
      await start();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await stage.rows(last.vaultId)).toEqual([last.row]);
      expect((await find(last.slug))?.status?.phase).toBe("Active");
    }, 240_000);
  });
};
