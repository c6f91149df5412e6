import { DatabaseError } from "./errors.ts";
import type { FakePostgres } from "./fake-postgres.ts";
import type { FakeEffect } from "./fake-vaults.ts";
import type { VaultUsage } from "./vault-usage.ts";

/** Counts that tests put into `postgres.usage`; a meter that is not there counts nothing. */
export const createFakeUsage = (postgres: FakePostgres, effect: FakeEffect): VaultUsage => ({
  async measureUsage(vaultId, _login, meters) {
    const used = new Map<string, number>();
    await effect("MeasureUsage", () => {
      if (!postgres.vaults.get(vaultId)?.database)
        throw new DatabaseError("DatabaseQueryFailed", "There is no such database.");
      for (const { name } of meters) used.set(name, postgres.usage.get(vaultId)?.[name] ?? 0);
    });
    return used;
  },
});
