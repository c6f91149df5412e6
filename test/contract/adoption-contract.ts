import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { vaultDatabaseName } from "../../operator/database/names.ts";
import type { EffectObserver } from "../../operator/database/pg-link.ts";
import type { DatabaseServer, GoldenSpec, VaultDatabaseSpec } from "../../operator/database/tenant-database.ts";
import type { AdoptionSource } from "../../operator/database/vault-adoption.ts";
import type { Candidates } from "./adoption-candidates.ts";
import {
  aGolden,
  aVault,
  type ContractServer,
  migratorPassword,
  type OperatorProcess,
  passwordOf,
  proofFor,
  soon,
} from "./tenant-database-kit.ts";

const effects = ["ClaimDatabase", "TakeObjects", "AdoptDatabase"];

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: unknown) => (error as { reason?: string }).reason ?? String(error),
  );

/** Cuts the work off at effect number `at`, before or after it. */
const cutAt = (at: number, phase: "before" | "after"): EffectObserver => {
  let seen = 0;
  return (_effect, now) => {
    if (now === "before") seen += 1;
    if (seen === at && now === phase) throw new Error("killed");
  };
};

/** The promises of `vault-adoption.ts`, for any server that keeps them. */
export const adoptionContract = (title: string, open: () => Promise<ContractServer & Candidates>): void => {
  describe(`${title} keeps the promises of adoption (K11)`, () => {
    let world: ContractServer & Candidates;
    let server: DatabaseServer;
    let golden: GoldenSpec;
    let epoch = 1;

    const restart = async (options: OperatorProcess = {}): Promise<DatabaseServer> => {
      epoch += 1;
      return (await world.start({ epoch, instance: "adoption", ...options })).server;
    };
    const source = (database: string, changes: Partial<AdoptionSource> = {}): AdoptionSource => ({
      database,
      release: golden.release,
      schemaVersion: golden.schemaVersion,
      writableWhenReadOnly: golden.writableWhenReadOnly,
      ...changes,
    });
    const aName = (): string => `old_${randomUUID().slice(0, 8)}`;
    const candidate = async (how?: Parameters<Candidates["candidate"]>[1]): Promise<string> => {
      const name = aName();
      await world.candidate(name, how);
      return name;
    };
    /** As any vault: this login and no other, with these rights and no others. */
    const expectVault = async (spec: VaultDatabaseSpec): Promise<void> => {
      expect(await server.converge(spec)).toEqual([]);
      expect(await server.observe(spec.vaultId)).toMatchObject({
        database: { finished: true, ours: true, golden: golden.database, publicPrivileges: [] },
        schema: { version: golden.schemaVersion },
      });
      expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
      expect(await world.strangerMayConnect(vaultDatabaseName(spec.vaultId))).toBe(false);
    };

    beforeAll(async () => {
      world = await open();
      server = await restart();
      golden = aGolden();
      await server.createGoldenDraft(golden, soon());
      await world.migrate(golden, migratorPassword);
      await server.finishGolden(golden);
    });
    afterAll(() => world.stop(), 60_000);

    it("takes a database over with every row, and from then on it is like any other", async () => {
      const name = await candidate();
      const before = await world.digest(name);
      const spec = aVault(golden);
      expect(await server.adopt(spec, source(name))).toEqual(effects);
      expect(await world.digest(vaultDatabaseName(spec.vaultId))).toBe(before);
      expect(await server.adopt(spec, source(name))).toEqual([]);
      await expectVault(spec);
      expect(await server.converge({ ...spec, access: "ReadOnly" })).toEqual(["SwitchAccess"]);
      expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadOnly");
      await server.drop(spec.vaultId, proofFor(spec.vaultId));
      expect(await server.observe(spec.vaultId)).toBeNull();
    });

    it.each([
      ["older than the release needs", "older schema", "AdoptionRefusedSchema"],
      ["without a known schema", "no schema version", "AdoptionRefusedSchema"],
      ["another application's", "other tables", "AdoptionRefusedSchema"],
      ["in another encoding", "other encoding", "AdoptionRefusedEncoding"],
      ["the administrator's own", "of the administrator", "AdoptionRefusedRights"],
      ["holding the administrator's objects", "with foreign objects", "AdoptionRefusedRights"],
      ["holding another schema", "with a schema", "AdoptionRefusedContents"],
      ["holding a function with its owner's rights", "with a definer", "AdoptionRefusedContents"],
    ] as const)("refuses one that is %s, and leaves it as it was", async (_, how, reason) => {
      const name = await candidate(how);
      const before = await world.digest(name);
      const spec = aVault(golden);
      expect(await reasonOf(server.adopt(spec, source(name)))).toBe(reason);
      expect(await server.observe(spec.vaultId)).toBeNull();
      expect(await world.digest(name)).toBe(before);
      expect(await world.strangerMayConnect(name)).toBe(true);
    });

    it.each([
      ["is not there", "nowhere_to_be_found", "AdoptionRefusedMissing"],
      ["is PostgreSQL's", "postgres", "AdoptionRefusedTaken"],
      ["is Polyphony's", "polyphony_control", "AdoptionRefusedTaken"],
      ["is a template", "template1", "AdoptionRefusedTaken"],
    ])("refuses one that %s", async (_, name, reason) => {
      expect(await reasonOf(server.adopt(aVault(golden), source(name)))).toBe(reason);
    });

    it("refuses a vault's database and a golden template", async () => {
      const vault = aVault(golden);
      await server.converge(vault);
      for (const name of [vaultDatabaseName(vault.vaultId), golden.database])
        expect(await reasonOf(server.adopt(aVault(golden), source(name)))).toBe("AdoptionRefusedTaken");
    });

    it("waits until the old application has let go, and ends nobody's session", async () => {
      const name = await candidate();
      const session = await world.occupy(name);
      const spec = aVault(golden);
      expect(await reasonOf(server.adopt(spec, source(name)))).toBe("AdoptionRefusedInUse");
      await session.stillWorks();
      await session.end();
      expect(await server.adopt(spec, source(name))).toEqual(effects);
    });

    it("gives it to one of two vaults that name it", async () => {
      const name = await candidate();
      const [first, second] = [aVault(golden), aVault(golden)];
      const reasons = await Promise.all([first, second].map((spec) => reasonOf(server.adopt(spec, source(name)))));
      expect(reasons.filter((reason) => reason === "nothing was thrown")).toHaveLength(1);
      const loser = reasons[0] === "nothing was thrown" ? second : first;
      expect(await reasonOf(server.adopt(loser, source(name)))).toBe("AdoptionRefusedTaken");
      expect((await server.observe(loser.vaultId))?.database ?? null).toBeNull();
    });

    it("fault 3: killed before or after any step, the next run goes on, and nobody else gets in meanwhile", async () => {
      for (const phase of ["before", "after"] as const)
        for (let at = 1; at <= 3; at += 1) {
          const name = await candidate();
          const before = await world.digest(name);
          const spec = aVault(golden);
          const killed = await restart({ onEffect: cutAt(at, phase) });
          await expect(killed.adopt(spec, source(name))).rejects.toThrow("killed");
          server = await restart();
          await server.adopt(spec, source(name));
          expect(await world.digest(vaultDatabaseName(spec.vaultId))).toBe(before);
          await expectVault(spec);
        }
    });

    it("fault 33: given up in the middle, the data stays where it was and may be taken over again", async () => {
      const name = await candidate();
      const before = await world.digest(name);
      const given = aVault(golden);
      const killed = await restart({ onEffect: cutAt(2, "after") });
      await expect(killed.adopt(given, source(name))).rejects.toThrow("killed");
      server = await restart();
      await server.drop(given.vaultId, proofFor(given.vaultId));
      expect(await server.observe(given.vaultId)).toBeNull();
      expect(await world.digest(name)).toBe(before);
      const taken = aVault(golden);
      expect(await server.adopt(taken, source(name))).toEqual(effects);
      await expectVault(taken);
    });

    it("I5: puts nothing in the place of an adopted database that disappeared", async () => {
      const name = await candidate();
      const spec = aVault(golden);
      await server.adopt(spec, source(name));
      await world.dropByHand(spec.vaultId);
      expect(await server.adopt(spec, source(name))).toEqual([]);
      expect(await reasonOf(server.converge(spec))).toBe("DatabaseLost");
    });
  });
};
