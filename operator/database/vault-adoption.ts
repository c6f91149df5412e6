import { DatabaseError } from "./errors.ts";
import { controlDatabase, vaultIdOfName } from "./names.ts";
import type { EffectName, VaultDatabaseSpec } from "./tenant-database.ts";
import { servesOn, type SchemaFacts } from "./vault-migrations.ts";

/**
 * Taking over a database that was there before its vault. Everything is looked at before anything is touched; then it is
 * closed to everybody else, its objects change hands, and it gets the vault's name and rights in one transaction. No row
 * is written, so none can be lost; killed anywhere, the next run goes on.
 */
export interface VaultAdoption {
  /**
   * Makes this database the vault's, or does nothing when the vault has one. Throws AdoptionRefused… with what to do
   * about it, before anything was changed.
   */
  adopt(spec: VaultDatabaseSpec, source: AdoptionSource): Promise<EffectName[]>;
}

/** The database that a Tenant names, and what it must fit. */
export interface AdoptionSource {
  database: string;
  release: string;
  /** What the release needs. */
  schemaVersion: number;
  writableWhenReadOnly: readonly string[];
}

/** What the server's shared catalogs say of the database; nobody connects to it for that. */
export interface CandidateFacts {
  name: string;
  owner: string;
  encoding: string;
  /** Of PostgreSQL or Polyphony: a template, the control database, a golden template, a vault's. */
  reserved: boolean;
  /** The vault that takes it over or has taken it over. */
  takenBy: string | null;
  /** The operator owns it, or may act for its owner. */
  mayOwn: boolean;
  mayConnect: boolean;
  /** Who else is connected, as "role (application)", sorted. */
  sessions: string[];
}

/** What is inside. */
export interface CandidateContents {
  schema: SchemaFacts | null;
  /** Tables in the schema public. */
  tables: string[];
  /** Things that no vault holds, such as "extension dblink", sorted. */
  unwanted: string[];
  /** Roles that own something in it and that the operator may not act for, sorted. */
  strangers: string[];
}

const enumerate = (items: readonly string[]): string => {
  const shown = items.slice(0, 5).join(", ");
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
};

/** What keeps a database from being taken over, as far as one need not look inside. Pure; returns what passed. */
export const refuseCandidate = (
  vaultId: string,
  name: string,
  candidate: CandidateFacts | null,
  server: string,
): CandidateFacts => {
  if (name === controlDatabase || vaultIdOfName(name) !== null || candidate?.reserved)
    throw new DatabaseError(
      "AdoptionRefusedTaken",
      `The database "${name}" belongs to PostgreSQL or to Polyphony itself. A deleted vault comes back with spec.restoreFrom; ` +
        `else create the Tenant anew and name another database in spec.adoptDatabase.`,
    );
  if (candidate?.takenBy && candidate.takenBy !== vaultId)
    throw new DatabaseError(
      "AdoptionRefusedTaken",
      `The database "${name}" was taken over by the vault ${candidate.takenBy}. Create the Tenant anew and name another.`,
    );
  if (!candidate)
    throw new DatabaseError(
      "AdoptionRefusedMissing",
      `There is no database "${name}" on server "${server}". Restore it there, or create the Tenant anew with the right name in spec.adoptDatabase.`,
    );
  if (candidate.encoding !== "UTF8")
    throw new DatabaseError(
      "AdoptionRefusedEncoding",
      `The database "${name}" is in ${candidate.encoding}; vaults are in UTF8. Restore a dump of it into a database made with ENCODING 'UTF8'.`,
    );
  if (!candidate.mayOwn)
    throw new DatabaseError(
      "AdoptionRefusedRights",
      `The database "${name}" belongs to "${candidate.owner}", for whom the operator may not act. Run as the server's ` +
        `administrator: ALTER DATABASE "${name}" OWNER TO <the operator's role>;`,
    );
  if (!candidate.mayConnect)
    throw new DatabaseError(
      "AdoptionRefusedRights",
      `The operator may not connect to the database "${name}". Run as the server's administrator: ` +
        `ALTER DATABASE "${name}" ALLOW_CONNECTIONS true; GRANT CONNECT ON DATABASE "${name}" TO <the operator's role>;`,
    );
  if (candidate.sessions.length > 0)
    throw new DatabaseError(
      "AdoptionRefusedInUse",
      `The database "${name}" is in use by ${enumerate(candidate.sessions)}. Stop the application that uses it; the work goes on by itself.`,
    );
  return candidate;
};

/** What of its contents keeps a database from being taken over. Pure. */
export const refuseContents = (source: AdoptionSource, contents: CandidateContents): SchemaFacts => {
  const { database: name, release, schemaVersion } = source;
  const { schema, tables, unwanted, strangers } = contents;
  if (strangers.length > 0)
    throw new DatabaseError(
      "AdoptionRefusedRights",
      `In the database "${name}" something belongs to ${enumerate(strangers)}, for whom the operator may not act. Run there as the ` +
        `server's administrator, for each of them: REASSIGN OWNED BY <that role> TO <the operator's role>; what belongs to the administrator ` +
        `is handed over one by one: ALTER TABLE … OWNER TO <the operator's role>;`,
    );
  if (unwanted.length > 0)
    throw new DatabaseError(
      "AdoptionRefusedContents",
      `The database "${name}" holds what no vault may: ${enumerate(unwanted)}. Remove it there, or move the data into a database without it.`,
    );
  if (!schema)
    throw new DatabaseError(
      "AdoptionRefusedSchema",
      `The database "${name}" has no table public.schema_version with one row, so its schema is not known. Migrate it with the application first.`,
    );
  if (!servesOn(schema, schemaVersion))
    throw new DatabaseError(
      "AdoptionRefusedSchema",
      `The database "${name}" has schema ${schema.version}, which serves releases that need ${schema.oldestSupported} to ${schema.version}; ` +
        `${release} needs ${schemaVersion}. Pin a release that fits in spec.release.pin; once taken over, it can be upgraded.`,
    );
  const missing = source.writableWhenReadOnly.filter((table) => !tables.includes(table));
  if (missing.length > 0)
    throw new DatabaseError(
      "AdoptionRefusedSchema",
      `The database "${name}" lacks the table ${enumerate(missing)}, which the template has: it is another application's.`,
    );
  return schema;
};
