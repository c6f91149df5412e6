import { DatabaseError } from "./errors.ts";
import { vaultDatabaseName, vaultLoginName } from "./names.ts";
import type { PgLink, Query } from "./pg-link.ts";
import type { UsageMeter, VaultUsage } from "./vault-usage.ts";

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
 * Counting what one vault holds. Not as the operator after SET ROLE: a function behind a meter could RESET ROLE, as that
 * asks who logged in (isolation suite, D5).
 */
export const createPgUsage = (link: PgLink): VaultUsage => ({
  measureUsage: (vaultId, { slot, password }, meters) => {
    const login = { database: vaultDatabaseName(vaultId), user: vaultLoginName(vaultId, slot), password };
    return link.readAs("MeasureUsage", login, async (session) => {
      const used = new Map<string, number>();
      for (const meter of meters) used.set(...(await readMeter(session, meter)));
      return used;
    });
  },
});
