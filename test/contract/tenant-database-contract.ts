import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { EffectObserver } from "../../operator/database/pg-link.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { scramVerifier } from "../../operator/database/scram.ts";
import type { DatabaseServer, GoldenSpec } from "../../operator/database/tenant-database.ts";
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

const code = (error: unknown): string => (error as { reason?: string }).reason ?? String(error);
const reasonOf = (work: Promise<unknown>): Promise<string> => work.then(() => "nothing was thrown", code);

/** Cuts the work off at effect number `at`, before or after it. */
const cutAt = (at: number, phase: "before" | "after"): EffectObserver => {
  let seen = 0;
  return (_effect, now) => {
    if (now === "before") seen += 1;
    if (seen === at && now === phase) throw new Error("killed");
  };
};

/** The promises of `tenant-database.ts`, for any server that keeps them. */
export const tenantDatabaseContract = (title: string, open: () => Promise<ContractServer>): void => {
  describe(`${title} keeps the promises of tenant databases`, () => {
    let world: ContractServer;
    let server: DatabaseServer;
    let golden: GoldenSpec;
    let epoch = 1;

    const restart = async (options: OperatorProcess = {}): Promise<DatabaseServer> => {
      epoch += 1;
      const started = await world.start({ epoch, ...options });
      return started.server;
    };
    const makeGolden = async (spec: GoldenSpec): Promise<void> => {
      await server.createGoldenDraft(spec, soon());
      await world.migrate(spec, migratorPassword);
      await server.finishGolden(spec);
    };

    beforeAll(async () => {
      world = await open();
      server = await restart();
      golden = aGolden();
      await makeGolden(golden);
    });
    afterAll(() => world.stop());

    describe("golden templates", () => {
      it("says what it does, step by step, and nothing the second time", async () => {
        const spec = aGolden();
        expect(await server.observeGolden(spec.database)).toBeNull();
        const draft = await server.createGoldenDraft(spec, soon());
        expect(draft).toEqual(["CreateTemplateRoles", "CreateGolden", "OpenGolden", "GrantDefaults", "EnableMigrator"]);
        expect(await server.createGoldenDraft(spec, soon())).toEqual([]);
        expect(await server.observeGolden(spec.database)).toMatchObject({
          state: "migrating",
          schemaVersion: 7,
          ours: true,
        });
        await world.migrate(spec, migratorPassword);
        expect(await server.finishGolden(spec)).toEqual([
          "GrantGolden",
          "VacuumGolden",
          "WarmGolden",
          "CloseGolden",
          "DisableMigrator",
        ]);
        expect(await server.finishGolden(spec)).toEqual([]);
        expect(await server.createGoldenDraft(spec, soon())).toEqual([]);
        const ready = await server.observeGolden(spec.database);
        expect(ready).toMatchObject({ state: "ready", allowConnections: false, migratorEnabledUntil: null });
        await server.recordMigration({ database: spec.database, release: spec.release, outcome: "succeeded" });
        expect(await server.dropGolden(spec.database)).toEqual(["DropGolden"]);
        expect(await server.observeGolden(spec.database)).toBeNull();
        expect(await server.dropGolden(spec.database)).toEqual([]);
      });

      it("refuses a template in which the migrations left nothing", async () => {
        const spec = aGolden();
        await server.createGoldenDraft(spec, soon());
        expect(await reasonOf(server.finishGolden(spec))).toBe("GoldenTemplateInvalid");
        await server.dropGolden(spec.database);
      });

      it("keeps the migrator's login while another run of the same template needs it", async () => {
        const [first, second] = [aGolden(), aGolden()];
        await server.createGoldenDraft(first, soon());
        await server.createGoldenDraft(second, soon());
        await world.migrate(first, migratorPassword);
        expect(await server.finishGolden(first)).not.toContain("DisableMigrator");
        await world.migrate(second, migratorPassword);
        expect(await server.finishGolden(second)).toContain("DisableMigrator");
      });

      it("fault 3: killed before or after any step, a second run comes to the same end", async () => {
        for (const phase of ["before", "after"] as const)
          for (let at = 1; at <= 5; at += 1) {
            const spec = aGolden();
            const killed = await restart({ onEffect: cutAt(at, phase) });
            await expect(killed.createGoldenDraft(spec, soon())).rejects.toThrow("killed");
            expect(await world.strangerMayConnect(spec.database)).toBe(false);
            server = await restart();
            await server.createGoldenDraft(spec, soon());
            await world.migrate(spec, migratorPassword);
            const again = await restart({ onEffect: cutAt(at, phase) });
            await expect(again.finishGolden(spec)).rejects.toThrow("killed");
            server = await restart();
            await server.finishGolden(spec);
            expect(await server.observeGolden(spec.database)).toMatchObject({
              state: "ready",
              migratorEnabledUntil: null,
            });
            await server.dropGolden(spec.database);
          }
      });
    });

    describe("a vault's database", () => {
      it("K2: is made with its two logins, and a second look finds nothing to do", async () => {
        const spec = aVault(golden, { connectionLimit: 12 });
        expect(await server.observe(spec.vaultId)).toBeNull();
        expect(await server.converge(spec)).toEqual(["CreateRoles", "CreateDatabase", "OpenDatabase"]);
        expect(await server.converge(spec)).toEqual([]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
        expect(await world.access(spec.vaultId, "b", passwordOf(1))).toBeNull();
        const facts = await server.observe(spec.vaultId);
        expect(facts?.database).toMatchObject({
          name: vaultDatabaseName(spec.vaultId),
          ours: true,
          finished: true,
          golden: golden.database,
          publicPrivileges: [],
        });
        expect(facts?.roles.a).toMatchObject({
          canLogin: true,
          passwordVersion: 1,
          memberOf: ["choir_rw"],
          connectionLimit: 12,
        });
        expect(facts?.roles.b).toMatchObject({ canLogin: false, passwordVersion: null });
        expect((await server.observeAll()).get(spec.vaultId)).toEqual(facts);
      });

      it("can be copied by files as well as by the log", async () => {
        const spec = aVault(golden, { strategy: "FILE_COPY" });
        await server.converge(spec);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
      });

      it("is made many at once from one template", async () => {
        const specs = Array.from({ length: 12 }, (_, at) =>
          aVault(golden, { strategy: at % 2 ? "FILE_COPY" : "WAL_LOG" }),
        );
        await Promise.all(specs.map((spec) => server.converge(spec)));
        const again = await Promise.all(specs.map((spec) => server.converge(spec)));
        expect(again.flat()).toEqual([]);
      });

      it("D1: turns read-only and back by membership alone", async () => {
        const spec = aVault(golden);
        await server.converge(spec);
        expect(await server.converge({ ...spec, access: "ReadOnly" })).toEqual(["SwitchAccess"]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadOnly");
        expect(await server.converge(spec)).toEqual(["SwitchAccess"]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
      });

      it("rotates by the idle login: both are open while the workload rolls, then the old one is closed", async () => {
        const spec = aVault(golden);
        await server.converge(spec);
        const rolling = aVault(golden, { ...spec, activeLogin: "b", passwordVersion: 2, keepOtherLogin: true });
        rolling.verifier = () => scramVerifier(passwordOf(2));
        expect(await server.converge(rolling)).toEqual(["SetPassword"]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
        expect(await world.access(spec.vaultId, "b", passwordOf(2))).toBe("ReadWrite");
        const { keepOtherLogin, ...rolled } = rolling;
        expect(keepOtherLogin).toBe(true);
        expect(await server.converge(rolled)).toEqual(["CloseOtherLogin", "EndSessions"]);
        expect(await server.converge(rolled)).toEqual([]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBeNull();
        expect(await world.access(spec.vaultId, "b", passwordOf(2))).toBe("ReadWrite");
      });

      it.each([
        ["public may connect", ["RepairDatabase"]],
        ["stranger may connect", ["RepairDatabase"]],
        ["wrong group", ["SwitchAccess"]],
        ["own settings", ["RepairRoles"]],
        ["may create databases", ["RepairRoles"]],
        ["expires", ["RepairRoles"]],
        ["somebody owns it", ["RepairDatabase"]],
        ["mark is gone", ["RepairDatabase"]],
        ["login's mark is gone", ["RepairRoles", "SetPassword"]],
        ["nobody may connect", ["RepairDatabase"]],
        ["is a template", ["RepairDatabase"]],
      ] as const)("fault 32: mends what a hand changed: %s", async (how, effects) => {
        const spec = aVault(golden);
        await server.converge(spec);
        await world.tamper(spec.vaultId, how);
        expect(await server.converge(spec)).toEqual(effects);
        expect(await server.converge(spec)).toEqual([]);
        expect(await world.strangerMayConnect(vaultDatabaseName(spec.vaultId))).toBe(false);
      });

      it("never adopts a database of its name that it did not make", async () => {
        const spec = aVault(golden);
        await world.foreignDatabase(vaultDatabaseName(spec.vaultId));
        expect(await reasonOf(server.converge(spec))).toBe("DatabaseForeign");
        expect(await reasonOf(server.close(spec.vaultId))).toBe("DatabaseForeign");
        expect(await reasonOf(server.drop(spec.vaultId, proofFor(spec.vaultId)))).toBe("DatabaseForeign");
        expect((await server.observe(spec.vaultId))?.database).toMatchObject({ ours: false });
      });

      it("never adopts a role of its name that it did not make", async () => {
        const spec = aVault(golden);
        await world.foreignRole(vaultLoginName(spec.vaultId, "b"));
        expect(await reasonOf(server.converge(spec))).toBe("DatabaseForeign");
        expect((await server.observe(spec.vaultId))?.database).toBeNull();
      });

      it("I5: never puts an empty database in the place of one that disappeared", async () => {
        const spec = aVault(golden);
        await server.converge(spec);
        await world.dropByHand(spec.vaultId);
        expect(await reasonOf(server.converge(spec))).toBe("DatabaseLost");
        await server.drop(spec.vaultId, proofFor(spec.vaultId));
        expect(await server.observe(spec.vaultId)).toBeNull();
      });

      it("waits for the golden template, and leaves nothing behind", async () => {
        const spec = aVault(golden, { golden: aGolden().database });
        expect(await reasonOf(server.converge(spec))).toBe("GoldenTemplateMissing");
        expect(await server.observe(spec.vaultId)).toBeNull();
      });

      it("does not go over the server's capacity, also when all come at once", async () => {
        const { databases } = await server.probe();
        const before = [...(await server.observeAll()).values()].filter(({ database }) => database?.ours).length;
        const full = await restart({ capacity: before + 2 });
        const reasons = await Promise.all(Array.from({ length: 5 }, () => reasonOf(full.converge(aVault(golden)))));
        expect(reasons.filter((reason) => reason === "DatabaseServerFull").length).toBeGreaterThanOrEqual(3);
        expect((await full.probe()).databases).toBeLessThanOrEqual(databases + 2);
        server = await restart();
      });

      it("closes: nobody gets in, the data stays, and it can be opened again", async () => {
        const spec = aVault(golden);
        await server.converge(spec);
        expect(await server.close(spec.vaultId)).toEqual(["CloseDatabase", "EndSessions"]);
        expect(await server.close(spec.vaultId)).toEqual([]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBeNull();
        expect(await server.converge(spec)).toEqual(["SetPassword", "RepairDatabase"]);
        expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
      });

      it("I5: drops only with fresh proof for this very vault, and then leaves nothing", async () => {
        const spec = aVault(golden);
        await server.converge(spec);
        const { vaultId } = spec;
        const stale = { ...proofFor(vaultId), seenAt: new Date(Date.now() - 3_600_000) };
        expect(await reasonOf(server.drop(vaultId, stale))).toBe("DropRefused");
        expect(await reasonOf(server.drop(vaultId, proofFor(randomUUID())))).toBe("DropRefused");
        expect(await server.converge(spec)).toEqual([]);
        expect(await server.drop(vaultId, proofFor(vaultId))).toEqual([
          "CloseDatabase",
          "EndSessions",
          "DropDatabase",
          "DropRoles",
        ]);
        expect(await server.observe(vaultId)).toBeNull();
        expect(await server.drop(vaultId, proofFor(vaultId))).toEqual([]);
      });
    });

    describe("faults", () => {
      it("fault 3: killed before or after any step of making one, nobody else may ever connect and the end is the same", async () => {
        for (const phase of ["before", "after"] as const)
          for (let at = 1; at <= 3; at += 1) {
            const spec = aVault(golden);
            const name = vaultDatabaseName(spec.vaultId);
            const cut = cutAt(at, phase);
            const killed = await restart({
              onEffect: async (...step) => {
                expect(await world.strangerMayConnect(name)).toBe(false);
                await cut(...step);
              },
            });
            await expect(killed.converge(spec)).rejects.toThrow("killed");
            server = await restart();
            await server.converge(spec);
            expect(await server.converge(spec)).toEqual([]);
            expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
          }
      });

      it("fault 33: killed at any step of dropping one, the rest goes at the next run", async () => {
        for (const phase of ["before", "after"] as const)
          for (let at = 1; at <= 4; at += 1) {
            const spec = aVault(golden);
            await server.converge(spec);
            const killed = await restart({ onEffect: cutAt(at, phase) });
            await expect(killed.drop(spec.vaultId, proofFor(spec.vaultId))).rejects.toThrow("killed");
            server = await restart();
            await server.drop(spec.vaultId, proofFor(spec.vaultId));
            expect(await server.observe(spec.vaultId)).toBeNull();
          }
      });

      it("finishes a half-made copy, or makes it again when another release is wanted by then", async () => {
        const newer = aGolden();
        await makeGolden(newer);
        const spec = aVault(golden);
        const killed = await restart({ onEffect: cutAt(2, "after") });
        await expect(killed.converge(spec)).rejects.toThrow("killed");
        server = await restart();
        expect(await server.converge({ ...spec, golden: newer.database })).toEqual([
          "DropUnfinishedDatabase",
          "CreateRoles",
          "CreateDatabase",
          "OpenDatabase",
        ]);
        expect((await server.observe(spec.vaultId))?.database?.golden).toBe(newer.database);
      });

      it("fault 16: an older leader's work is refused as soon as a newer one leads", async () => {
        const old = server;
        const spec = aVault(golden);
        await old.converge(spec);
        server = await restart();
        expect(await reasonOf(old.converge({ ...spec, access: "ReadOnly" }))).toMatch(
          /Fenced|DatabaseServerUnreachable/,
        );
        expect(await reasonOf(old.observe(spec.vaultId))).toBe("Fenced");
        expect(await reasonOf(old.fence())).toBe("Fenced");
        expect(await server.converge(spec)).toEqual([]);
      });

      it("lets two installations share a server, each with its own fence", async () => {
        const other = await world.start({ epoch: 1, instance: "other", holder: "x" });
        await other.server.probe();
        expect((await server.probe()).databases).toBeGreaterThan(0);
        await other.servers.close();
      });

      it("refuses a second process that claims the same epoch", async () => {
        expect(await reasonOf(world.start({ epoch, holder: "somebody-else" }))).toBe("Fenced");
      });
    });

    it("tells what a condition of the server needs", async () => {
      const facts = await server.probe();
      expect(facts.versionNumber).toBeGreaterThanOrEqual(150_000);
      expect(facts).toMatchObject({ isSuperuser: false, canCreateRole: true, canCreateDatabase: true });
      const measured = await server.measure();
      expect(measured.databases).toBe(facts.databases);
      expect(measured.bytes).toBeGreaterThan(0);
      expect((await server.probe()).bytes).toBe(measured.bytes);
    });

    it("gives a vault the server's address with its own login", () => {
      const url = new URL(server.urlFor({ database: "vault_1", user: "vault_1_a", password: "a/b c" }));
      expect(url.pathname).toBe("/vault_1");
      expect([url.username, decodeURIComponent(url.password)]).toEqual(["vault_1_a", "a/b c"]);
    });
  });
};
