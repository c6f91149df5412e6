import type { RegistryDatabase } from "../../../control-api/db/registry-database.ts";

/** Tables that change by themselves: the worker's, and what anybody's visit leaves. */
const restless = ["outbox", "templates", "vaults", "vault_history", "oidc_keys", "idempotency_keys", "login_links"];

/** One text that differs whenever people, organizations, what lies between them, or the audit log were changed. */
export const registryDigest = (registry: RegistryDatabase): Promise<string> =>
  registry.asPlatform(async (transaction) => {
    const found = await transaction.raw<{ rows: { name: string }[] }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'registry'::regnamespace AND relkind = 'r' AND relrowsecurity ORDER BY relname`,
    );
    const tables = found.rows.map(({ name }) => name).filter((name) => !restless.includes(name));
    const digests: string[] = [];
    for (const table of tables) {
      const { rows } = await transaction.raw<{ rows: { digest: string }[] }>(
        "SELECT coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest FROM ?? t",
        [table],
      );
      digests.push(`${table} ${rows[0]?.digest ?? ""}`);
    }
    return digests.join("\n");
  });
