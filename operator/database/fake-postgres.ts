import { templateRoles } from "./names.ts";
import type { DatabaseError } from "./errors.ts";
import type { CandidateContents, CandidateFacts } from "./vault-adoption.ts";
import type { SchemaFacts } from "./vault-migrations.ts";
import type { Access, DatabaseFacts, GoldenFacts, GoldenSpec, LoginFacts, LoginSlot } from "./tenant-database.ts";

/** What the fake keeps of one vault: the same facts that a real server's catalogs would show. */
export interface FakeVault {
  database: DatabaseFacts | null;
  roles: Record<LoginSlot, LoginFacts | null>;
  intent: { golden: string; template: string; opened: boolean } | null;
  /** What the database's own schema_version says. */
  schema: SchemaFacts | null;
  /** What the control database has on record of it. */
  recordedSchema: SchemaFacts | null;
  /** What the last step left for the run that it was part of. */
  receipt?: { run: string; schema: SchemaFacts };
  /** Somebody took rights away from the readers or writers. */
  rightsMissing?: boolean;
  /** Tables that its read-only login may write, as a migration left it. */
  writableWhenReadOnly: string[];
}

/** A database that a Tenant may name for adoption. */
export type FakeCandidate = { facts: CandidateFacts; contents: CandidateContents; adopted: boolean };

export type FakeGolden = GoldenFacts & { spec: GoldenSpec; migrated: boolean };

/** The state of one pretended server; several operators may be connected to it, as to a real one. */
export interface FakePostgres {
  vaults: Map<string, FakeVault>;
  goldens: Map<string, FakeGolden>;
  templates: Set<string>;
  /** Databases that were there before any vault, by name; one that was taken over is remembered. */
  candidates: Map<string, FakeCandidate>;
  /** Until when each template's migrator may log in. */
  migrators: Map<string, Date>;
  fence: Map<string, { epoch: number; holder: string }>;
  migrationRuns: { database: string; release: string; outcome: string; detail?: string; run?: string; at?: Date }[];
  /** Series of migrations under way, and whose migrator each needs. */
  migrating: Map<string, string>;
  /** What each vault holds, by vault id and meter. */
  usage: Map<string, Record<string, number>>;
  version: string;
  versionNumber: number;
  recoveryInitSyncMethod: string;
  /** Thrown by whatever looks into this one database. */
  troubleIn: Map<string, DatabaseError>;
  /** Thrown by everything while it is set: the server is away, refuses the password, …. */
  trouble: DatabaseError | null;
}

export const createFakePostgres = (): FakePostgres => ({
  vaults: new Map(),
  goldens: new Map(),
  templates: new Set(),
  candidates: new Map(),
  migrators: new Map(),
  fence: new Map(),
  migrationRuns: [],
  migrating: new Map(),
  usage: new Map(),
  version: "15.18",
  versionNumber: 150_018,
  recoveryInitSyncMethod: "syncfs",
  troubleIn: new Map(),
  trouble: null,
});

/** What a migration run leaves behind: the template has its tables. */
export const fakeMigrate = (postgres: FakePostgres, database: string): void => {
  const golden = postgres.goldens.get(database);
  if (!golden || golden.state !== "migrating") throw new Error(`${database} is not open for migrations`);
  golden.migrated = true;
};

/** What a worker leaves behind in a vault's database. */
export const fakeMigrateVault = (postgres: FakePostgres, database: string, schema: SchemaFacts, run?: string): void => {
  const vault = [...postgres.vaults.values()].find((one) => one.database?.name === database);
  if (!vault) throw new Error(`there is no ${database}`);
  if (postgres.migrating.size === 0) throw new Error("nobody may migrate: no run was begun");
  vault.schema = schema;
  if (run !== undefined) vault.receipt = { run, schema };
};

/** A golden template that is ready, for tests of what comes after it. */
export const fakeReadyGolden = (postgres: FakePostgres, spec: GoldenSpec): void => {
  const { database, schemaVersion } = spec;
  postgres.templates.add(spec.template);
  postgres.goldens.set(database, {
    database,
    schemaVersion,
    spec,
    exists: true,
    ours: true,
    state: "ready",
    allowConnections: false,
    migratorEnabledUntil: null,
    migrated: true,
  });
};

/** The access a login has now, as a person would read it off its membership. */
export const fakeAccess = (login: LoginFacts | null, template: string): Access | null => {
  const { rw, ro } = templateRoles(template);
  if (login?.memberOf.includes(rw)) return "ReadWrite";
  return login?.memberOf.includes(ro) ? "ReadOnly" : null;
};
