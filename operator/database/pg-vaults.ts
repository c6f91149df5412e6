import type { Clock } from "../../kube/clock.ts";
import { requireProof } from "./drop-proof.ts";
import { createGatheredReads } from "./gathered-reads.ts";
import { vaultDatabaseName, vaultLoginName } from "./names.ts";
import type { PgLink, Query } from "./pg-link.ts";
import { observeSome, observeVaults } from "./pg-observe-vaults.ts";
import { dropDatabase, endSessions } from "./pg-sessions.ts";
import { together } from "./pg-text.ts";
import * as sql from "./pg-vault-sql.ts";
import type { EffectName, VaultDatabaseFacts, VaultDatabases, VaultDatabaseSpec } from "./tenant-database.ts";
import { planClose, planDrop, planVault, slots, type VaultEffect } from "./vault-plan.ts";

interface Target {
  vaultId: string;
  facts: VaultDatabaseFacts | null;
  capacity: number;
  spec?: VaultDatabaseSpec;
}

const wantedOf = ({ spec }: Target): VaultDatabaseSpec => {
  if (!spec) throw new Error("this effect needs a wanted state");
  return spec;
};

/** What closing and dropping need to know of what there is. */
const presentOf = ({ vaultId, facts }: Target): { roles: string[]; database: boolean } => ({
  roles: slots.filter((slot) => facts?.roles[slot]).map((slot) => vaultLoginName(vaultId, slot)),
  database: facts?.database != null,
});

type SqlEffect = Exclude<VaultEffect, { name: "EndSessions" | "DropUnfinishedDatabase" | "DropDatabase" }>;

const sqlOf = (effect: SqlEffect, target: Target): string => {
  const { vaultId, facts } = target;
  switch (effect.name) {
    case "CreateRoles":
      return sql.createRolesSql(wantedOf(target), effect.slots, effect.intent ? target.capacity : null);
    case "CreateDatabase":
      return sql.createDatabaseSql(wantedOf(target));
    case "OpenDatabase":
      return sql.openDatabaseSql(wantedOf(target));
    case "RepairDatabase":
      return sql.repairDatabaseSql(wantedOf(target), {
        strangers: effect.strangers,
        owner: facts?.database?.oddAttributes.includes("OWNER") ? facts.database.owner : null,
        golden: facts?.database?.golden ?? wantedOf(target).golden,
      });
    case "RepairRoles": {
      const repair = effect.slots.flatMap((slot) => {
        const role = facts?.roles[slot];
        return role ? sql.repairRoleSql(wantedOf(target), slot, role, facts.database !== null) : [];
      });
      return together(repair);
    }
    case "SwitchAccess":
      return together(
        effect.slots.flatMap((slot) => sql.switchAccessSql(wantedOf(target), slot, facts?.roles[slot]?.memberOf ?? [])),
      );
    case "SetPassword":
      return sql.setPasswordSql(wantedOf(target));
    case "CloseOtherLogin":
      return sql.closeOtherLoginSql(wantedOf(target));
    case "CloseDatabase":
      return sql.closeDatabaseSql(vaultId, presentOf(target));
    case "DropRoles":
      return sql.dropRolesSql(vaultId);
  }
};

const perform = async (session: Query, effect: VaultEffect, target: Target): Promise<void> => {
  const { vaultId } = target;
  switch (effect.name) {
    case "EndSessions":
      return endSessions(
        session,
        effect.slots.map((slot) => vaultLoginName(vaultId, slot)),
      );
    case "DropUnfinishedDatabase":
    case "DropDatabase":
      return dropDatabase(session, vaultDatabaseName(vaultId));
    default:
      await session.query(sqlOf(effect, target));
  }
};

/** Vaults in one reading: more would make those wait who asked first. */
const mostAtOnce = 64;

/** Vault databases on a real server: one reading, then exactly the effects of the plan, in its order. */
export const createPgVaults = (
  link: PgLink,
  capacity: number,
  clock: Clock,
): Pick<VaultDatabases, "observe" | "observeAll" | "converge" | "close" | "drop"> => {
  const observe = createGatheredReads((vaultIds) => link.read((session) => observeSome(session, vaultIds)), mostAtOnce);
  const run = async (effects: readonly VaultEffect[], target: Target): Promise<EffectName[]> => {
    for (const effect of effects) await link.effect(effect.name, (session) => perform(session, effect, target));
    return effects.map(({ name }) => name);
  };
  return {
    observe,
    observeAll: () => link.read(observeVaults),
    async converge(spec) {
      const { vaultId } = spec;
      const facts = await observe(vaultId);
      return run(planVault(spec, facts, link.name), { vaultId, facts, capacity, spec });
    },
    async close(vaultId) {
      const facts = await observe(vaultId);
      return run(planClose(facts, link.name), { vaultId, facts, capacity });
    },
    async drop(vaultId, proof) {
      requireProof(vaultId, proof, clock.now());
      const facts = await observe(vaultId);
      return run(planDrop(facts, link.name), { vaultId, facts, capacity });
    },
  };
};
