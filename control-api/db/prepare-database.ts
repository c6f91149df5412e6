import type { Knex } from "knex";
import { connect } from "./connect.ts";

/** The accounts of the registry database, with their passwords. */
export interface RegistryAccounts {
  /** Owns schema and tables; only migrations log in as it. */
  readonly registry_owner: string;
  /** Sees one organization at a time, or one person. */
  readonly registry_app: string;
  /** Sees all; used by the routes and jobs of a frozen list (docs/decisions). */
  readonly registry_platform: string;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const ensureRole = async (admin: Knex, role: string, password: string): Promise<void> => {
  const { rows } = await admin.raw<{ rows: unknown[] }>("SELECT FROM pg_roles WHERE rolname = ?", [role]);
  // New roles are no superusers and bypass nothing; only a superuser may say so again of one that exists.
  await admin.raw(`${rows.length === 0 ? "CREATE" : "ALTER"} ROLE ${role} LOGIN PASSWORD ${literal(password)}`);
};

const ensureDatabase = async (admin: Knex, database: string): Promise<void> => {
  const { rows } = await admin.raw<{ rows: unknown[] }>("SELECT FROM pg_database WHERE datname = ?", [database]);
  // The admin need not be a superuser; it must be a member of the owner to give it a database.
  await admin.raw("GRANT registry_owner TO CURRENT_USER");
  if (rows.length === 0) await admin.raw("CREATE DATABASE ?? OWNER registry_owner", [database]);
  await admin.raw("REVOKE ALL ON DATABASE ?? FROM PUBLIC", [database]);
  await admin.raw("GRANT CONNECT ON DATABASE ?? TO registry_app, registry_platform", [database]);
};

/**
 * Makes the registry's accounts and its empty database, as an account with CREATEROLE and CREATEDB. Safe to run again:
 * passwords are then set anew. Throws pg's error when the server cannot be reached or refuses.
 */
export const prepareDatabase = async (
  adminUrl: string,
  database: string,
  accounts: RegistryAccounts,
): Promise<void> => {
  const admin = connect({ url: adminUrl, name: "polyphony prepare-database", max: 1 });
  try {
    for (const [role, password] of Object.entries(accounts)) await ensureRole(admin, role, password as string);
    await ensureDatabase(admin, database);
  } finally {
    await admin.destroy();
  }
};
