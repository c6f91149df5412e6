import type { Knex } from "knex";
import { databaseTrouble } from "./database-errors.ts";

export interface SchemaVersion {
  /** The last step that was applied; 0 in an empty database. */
  version: number;
  oldestSupported: number;
}

/** Can a release that needs `needed` serve on this schema? Older databases lack tables, newer ones may have lost some. */
export const servesOn = (schema: SchemaVersion, needed: number): boolean =>
  schema.version >= needed && schema.oldestSupported <= needed;

/** Reads the row that `migrate` keeps; version 0 where there is none yet. Throws when the database cannot be asked. */
export async function readSchemaVersion(database: Knex): Promise<SchemaVersion> {
  try {
    const rows = await database<{ version: number; oldest_supported: number }>("schema_version").select();
    return { version: rows[0]?.version ?? 0, oldestSupported: rows[0]?.oldest_supported ?? 0 };
  } catch (error) {
    if (databaseTrouble(error) === "not-migrated") return { version: 0, oldestSupported: 0 };
    throw error;
  }
}
