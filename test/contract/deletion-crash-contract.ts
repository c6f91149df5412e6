import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { RetainedVault } from "../../crds/index.ts";
import { createDeletionScene, type DeletionContractOptions, type Vault } from "./deletion-scene.ts";
import type { DeletionStage } from "./deletion-stage.ts";

/** The same promises while operators are killed at any of their writes. */
export const deletionCrashContract = (
  name: string,
  open: () => Promise<DeletionStage>,
  options: DeletionContractOptions,
): void => {
  let stage: DeletionStage;
  const scene = createDeletionScene(() => stage, options);
  const {
    soon,
    find,
    records,
    apply,
    settle,
    settled,
    remove,
    gone,
    phased,
    expireNow,
    refused,
    remains,
    killedAtEach,
  } = scene;

  describe(`deletion and return on ${name}, with operators killed`, () => {
    beforeAll(async () => {
      stage = await open();
    });
    afterEach(scene.clear, 60_000);
    afterAll(async () => {
      await stage.close();
    });

    it("I2, I5: killed before and after each write of a deletion that keeps, the end is the same", async () => {
      const kills = await killedAtEach(
        () => settled({ retention: "24h" }),
        ({ slug }) => remove(slug),
        async ({ slug, vaultId, row }) => {
          await gone(slug);
          await soon("as without a kill", async () => {
            const left = await remains(slug, vaultId);
            return left.records.join() === "Kept" && !left.namespace && !left.open && left.rows?.join() === row;
          });
        },
      );
      expect(kills).toBeGreaterThanOrEqual(2);
    }, 600_000);

    it("I2, I5: killed before and after each write of a deletion that keeps nothing, nothing is left", async () => {
      const kills = await killedAtEach(
        () => settled({ retention: "0s" }),
        ({ slug }) => remove(slug),
        async ({ slug, vaultId }) => {
          await gone(slug);
          expect(await remains(slug, vaultId)).toMatchObject({
            records: [],
            namespace: false,
            database: 0,
            rows: null,
          });
        },
      );
      expect(kills).toBeGreaterThanOrEqual(2);
    }, 600_000);

    const retained = async () => {
      const vault = await settled({ retention: "24h" });
      await remove(vault.slug);
      await gone(vault.slug);
      await phased(vault.slug, "Kept");
      return vault;
    };
    const restore = async ({ slug }: { slug: string }) => {
      const [record] = await records(slug);
      await apply(`${slug}-r`, { restoreFrom: record?.metadata.name ?? "" });
    };

    it("I5: killed before and after each write of a restore, every row is back", async () => {
      const kills = await killedAtEach(retained, restore, async ({ slug, vaultId, row }) => {
        await settle(`${slug}-r`);
        await phased(slug, "Restored");
        expect((await find(`${slug}-r`))?.status?.vaultId).toBe(vaultId);
        expect(await stage.rows(vaultId)).toEqual([row]);
      });
      expect(kills).toBeGreaterThanOrEqual(2);
    }, 600_000);

    it("I5: a restore and a purge at the same time, killed at each write: one wins, and never both", async () => {
      const outcomes = new Set<string>();
      const race = (first: "restore" | "purge") => async (vault: { slug: string }) => {
        const [record] = await records(vault.slug);
        const purge = () => expireNow(record as RetainedVault);
        if (first === "purge") await purge();
        await restore(vault);
        if (first === "restore") await purge();
      };
      const ended = async ({ slug, vaultId, row }: Vault) => {
        const phase = await soon("one has won", async () => {
          const [record] = await records(slug);
          const is = record?.status?.phase ?? "Kept";
          return is === "Restored" || is === "Purged" ? is : false;
        });
        outcomes.add(phase);
        if (phase === "Purged") await refused(`${slug}-r`, "RetainedVaultPurged");
        else await settle(`${slug}-r`);
        expect(await stage.rows(vaultId)).toEqual(phase === "Purged" ? null : [row]);
      };
      await killedAtEach(retained, race("purge"), ended);
      await killedAtEach(retained, race("restore"), ended);
      expect(outcomes.size).toBeGreaterThanOrEqual(1);
    }, 600_000);
  });
};
