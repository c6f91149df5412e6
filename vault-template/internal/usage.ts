import type { Knex } from "knex";
import type { Clock } from "../clock.ts";
import { readSchemaVersion } from "../db/schema-version.ts";
import type { Meter } from "../meters.ts";

/** What GET /usage answers. Values are whole numbers, at most 2^53. */
export interface UsageReport {
  vaultId: string;
  at: string;
  schemaVersion: number;
  meters: { name: string; unit: Meter["unit"]; value: number }[];
}

/** Reads every meter, one after the other: a report never takes more than one of the vault's few connections. */
export async function readUsage(
  database: Knex,
  vaultId: string,
  meters: readonly Meter[],
  clock: Clock,
): Promise<UsageReport> {
  const readings: UsageReport["meters"] = [];
  for (const { name, unit, sql } of meters) {
    const result = await database.raw<{ rows: { value: string }[] }>(sql);
    readings.push({ name, unit, value: Number(result.rows[0]?.value ?? 0) });
  }
  const { version } = await readSchemaVersion(database);
  return { vaultId, at: clock.now().toISOString(), schemaVersion: version, meters: readings };
}
