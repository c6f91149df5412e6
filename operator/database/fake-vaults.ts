import type { Clock } from "../../kube/clock.ts";
import { requireProof } from "./drop-proof.ts";
import { DatabaseError } from "./errors.ts";
import type { FakePostgres, FakeVault } from "./fake-postgres.ts";
import { vaultDatabaseName, vaultLoginName } from "./names.ts";
import type {
  EffectName,
  LoginFacts,
  LoginSlot,
  VaultDatabaseFacts,
  VaultDatabases,
  VaultDatabaseSpec,
} from "./tenant-database.ts";
import {
  accessRole,
  otherSlot,
  planClose,
  planDrop,
  planVault,
  slots,
  vaultSettings,
  wantedGrants,
  type VaultEffect,
} from "./vault-plan.ts";
import type { SchemaFacts } from "./vault-migrations.ts";

/** Runs one effect of the fake: observed, fenced and failing like a real one. */
export type FakeEffect = (name: EffectName, work: () => void) => Promise<void>;

const newLogin = (spec: VaultDatabaseSpec, slot: LoginSlot): LoginFacts => {
  const active = slot === spec.activeLogin;
  return {
    name: vaultLoginName(spec.vaultId, slot),
    ours: true,
    canLogin: active,
    oddAttributes: [],
    memberOf: [accessRole(spec)],
    members: [],
    connectionLimit: spec.connectionLimit ?? -1,
    settings: [],
    passwordVersion: active ? spec.passwordVersion : null,
    sessions: 0,
  };
};

const recordIntent = (postgres: FakePostgres, vault: FakeVault, spec: VaultDatabaseSpec, capacity: number): void => {
  if (postgres.goldens.get(spec.golden)?.state !== "ready")
    throw new DatabaseError("GoldenTemplateMissing", "The release's golden template is not ready on this server yet.");
  const used = [...postgres.vaults.values()].filter(({ intent }) => intent !== null).length;
  if (!vault.intent && used >= capacity)
    throw new DatabaseError("DatabaseServerFull", "The database server holds as many vaults as its capacity allows.");
  vault.intent ??= { golden: spec.golden, template: spec.template, opened: false };
  if (!vault.intent.opened) Object.assign(vault.intent, { golden: spec.golden, template: spec.template });
};

const createDatabase = (vault: FakeVault, spec: VaultDatabaseSpec): void => {
  vault.database = {
    name: vaultDatabaseName(spec.vaultId),
    owner: "polyphony_operator",
    ours: true,
    finished: false,
    golden: spec.golden,
    template: spec.template,
    allowConnections: false,
    oddAttributes: [],
    publicPrivileges: ["CONNECT", "TEMPORARY"],
    grants: [],
    settings: [],
    bytes: null,
  };
};

const openDatabase = (postgres: FakePostgres, vault: FakeVault, spec: VaultDatabaseSpec): void => {
  if (!vault.database) throw new Error("no database to open");
  const golden = postgres.goldens.get(spec.golden);
  const version = golden?.schemaVersion ?? 0;
  if (!vault.intent?.opened) {
    vault.writableWhenReadOnly = [...(golden?.spec.writableWhenReadOnly ?? [])];
    vault.schema = { version, oldestSupported: version };
    vault.recordedSchema = vault.schema;
  }
  Object.assign(vault.database, {
    finished: true,
    allowConnections: true,
    oddAttributes: [],
    publicPrivileges: [],
    grants: wantedGrants(spec.vaultId, spec.template),
    settings: [...vaultSettings],
  });
  if (vault.intent) vault.intent.opened = true;
};

const eachRole = (vault: FakeVault, which: readonly LoginSlot[], change: (role: LoginFacts) => void): void => {
  for (const slot of which) {
    const role = vault.roles[slot];
    if (role) change(role);
  }
};

const applyWanted = (postgres: FakePostgres, vault: FakeVault, effect: VaultEffect, spec: VaultDatabaseSpec): void => {
  const limit = spec.connectionLimit ?? -1;
  switch (effect.name) {
    case "CreateRoles":
      for (const slot of effect.slots) vault.roles[slot] = newLogin(spec, slot);
      return;
    case "CreateDatabase": {
      createDatabase(vault, spec);
      return;
    }
    case "OpenDatabase":
    case "RepairDatabase": {
      openDatabase(postgres, vault, spec);
      return;
    }
    case "RepairRoles": {
      eachRole(vault, effect.slots, (role) =>
        Object.assign(role, { oddAttributes: [], members: [], settings: [], connectionLimit: limit }),
      );
      return;
    }
    case "SwitchAccess": {
      eachRole(vault, effect.slots, (role) => (role.memberOf = [accessRole(spec)]));
      return;
    }
    case "SetPassword": {
      eachRole(vault, [effect.slot], (role) =>
        Object.assign(role, { canLogin: true, passwordVersion: spec.passwordVersion }),
      );
      return;
    }
    case "CloseOtherLogin": {
      eachRole(vault, [otherSlot(spec.activeLogin)], (role) =>
        Object.assign(role, { canLogin: false, passwordVersion: null }),
      );
      return;
    }
    default:
      return;
  }
};

const applyUnwanted = (vault: FakeVault, effect: VaultEffect): void => {
  if (effect.name === "EndSessions") eachRole(vault, effect.slots, (role) => (role.sessions = 0));
  if (effect.name === "DropUnfinishedDatabase" || effect.name === "DropDatabase") vault.database = null;
  if (effect.name === "DropRoles")
    Object.assign(vault, { roles: { a: null, b: null }, intent: null, schema: null, recordedSchema: null });
  if (effect.name !== "CloseDatabase") return;
  eachRole(vault, slots, (role) => (role.canLogin = false));
  if (vault.database) vault.database.allowConnections = false;
};

const factsOf = (
  vaultId: string,
  { database, roles, intent, recordedSchema }: FakeVault,
): VaultDatabaseFacts | null => {
  if (!database && !roles.a && !roles.b && !intent) return null;
  const schema = database ? recordedSchema : null;
  return structuredClone({ vaultId, database, roles, schema, lost: !database && intent?.opened === true });
};

/** What the fake keeps of this vault, made when there is nothing. */
export const fakeVaultOf = (postgres: FakePostgres, vaultId: string): FakeVault => {
  const nothing = {
    database: null,
    roles: { a: null, b: null },
    intent: null,
    schema: null,
    recordedSchema: null,
    writableWhenReadOnly: [],
  };
  const vault = postgres.vaults.get(vaultId) ?? nothing;
  postgres.vaults.set(vaultId, vault);
  return vault;
};

/** The first half of an adoption: the intent and the logins. */
export const claimVault = (postgres: FakePostgres, spec: VaultDatabaseSpec, capacity: number): void => {
  const vault = fakeVaultOf(postgres, spec.vaultId);
  recordIntent(postgres, vault, spec, capacity);
  for (const slot of slots) vault.roles[slot] ??= newLogin(spec, slot);
};

/** The intent is gone: what it had not taken over wholly may be taken over by another. */
const letGoOfCandidates = (postgres: FakePostgres, vaultId: string): void => {
  for (const { facts, adopted } of postgres.candidates.values())
    if (facts.takenBy === vaultId && !adopted) facts.takenBy = null;
};

/** The second half: the database is the vault's, with the schema it has. */
export const adoptVault = (postgres: FakePostgres, spec: VaultDatabaseSpec, schema: SchemaFacts): void => {
  const vault = fakeVaultOf(postgres, spec.vaultId);
  createDatabase(vault, spec);
  openDatabase(postgres, vault, spec);
  Object.assign(vault, { schema, recordedSchema: schema });
};

/** Vault databases in memory: the same plan as the real ones, carried out on a few maps. */
export const createFakeVaults = (
  name: string,
  postgres: FakePostgres,
  capacity: number,
  clock: Clock,
  effectOf: FakeEffect,
  reading: () => Promise<void>,
): Pick<VaultDatabases, "observe" | "observeAll" | "converge" | "close" | "drop"> => {
  const vaultOf = (vaultId: string): FakeVault => fakeVaultOf(postgres, vaultId);
  const observe = async (vaultId: string): Promise<VaultDatabaseFacts | null> => {
    await reading();
    const vault = postgres.vaults.get(vaultId);
    return vault ? factsOf(vaultId, vault) : null;
  };
  const run = async (effects: VaultEffect[], vaultId: string, spec?: VaultDatabaseSpec): Promise<EffectName[]> => {
    for (const effect of effects)
      await effectOf(effect.name, () => {
        const vault = vaultOf(vaultId);
        if (spec && effect.name === "CreateRoles" && effect.intent) recordIntent(postgres, vault, spec, capacity);
        if (spec) applyWanted(postgres, vault, effect, spec);
        applyUnwanted(vault, effect);
        if (effect.name === "DropRoles") letGoOfCandidates(postgres, vaultId);
      });
    return effects.map((effect) => effect.name);
  };
  return {
    observe,
    async observeAll() {
      await reading();
      const all = [...postgres.vaults].map(([vaultId, vault]) => [vaultId, factsOf(vaultId, vault)] as const);
      return new Map(all.flatMap(([vaultId, facts]) => (facts ? [[vaultId, facts] as const] : [])));
    },
    async converge(spec) {
      return run(planVault(spec, await observe(spec.vaultId), name), spec.vaultId, spec);
    },
    async close(vaultId) {
      return run(planClose(await observe(vaultId), name), vaultId);
    },
    async drop(vaultId, proof) {
      requireProof(vaultId, proof, clock.now());
      return run(planDrop(await observe(vaultId), name), vaultId);
    },
  };
};
