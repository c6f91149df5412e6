import { DatabaseError } from "./errors.ts";
import { vaultDatabaseName, vaultLoginName } from "./names.ts";
import type { PgLink, Query } from "./pg-link.ts";
import { identifier } from "./pg-text.ts";
import type { UsageMeter, VaultUsage } from "./vault-usage.ts";

/** A vault's own statements get this long, each. */
const statementMs = 5_000;

const readMeter = async (session: Query, { name, sql }: UsageMeter): Promise<[string, number]> => {
  const { rows } = await session.query<{ value: string | number | null }>(`SELECT (${sql}) AS value`);
  const value = Number(rows[0]?.value);
  if (Number.isSafeInteger(value) && value >= 0) return [name, value];
  throw new DatabaseError(
    "DatabaseQueryFailed",
    `The meter "${name}" gives no whole number; correct its statement in the VaultTemplate.`,
  );
};

/**
 * Reads as the vault's own login and writes nothing, in a transaction that is taken back: nobody ever sees that the
 * operator was a member of that role, and whatever stands in the database runs without the operator's rights.
 */
const readMeters = async (
  session: Query,
  vaultId: string,
  meters: readonly UsageMeter[],
): Promise<Map<string, number>> => {
  const reader = identifier(vaultLoginName(vaultId, "a"));
  await session.query("BEGIN");
  try {
    await session.query(
      `GRANT ${reader} TO CURRENT_USER; SET LOCAL ROLE ${reader};
       SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = ${statementMs}`,
    );
    const used = new Map<string, number>();
    for (const meter of meters) used.set(...(await readMeter(session, meter)));
    return used;
  } finally {
    await session.query("ROLLBACK");
  }
};

/** Counting what one vault holds: one session on its database, for as long as that takes. */
export const createPgUsage = (link: PgLink): VaultUsage => ({
  measureUsage: (vaultId, meters) =>
    link.effectIn("MeasureUsage", vaultDatabaseName(vaultId), (session) => readMeters(session, vaultId, meters)),
});
