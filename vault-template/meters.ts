/** One figure of a vault's usage: a statement with one row and one column `value`, readable by both login roles. */
export interface Meter {
  name: string;
  /** UCUM: "1" for a number of things, "By" for bytes. */
  unit: "1" | "By";
  description: string;
  sql: string;
}

/**
 * What the choir vault measures. The chart's VaultTemplate declares the same list: the platform may measure a vault
 * that sleeps by running these statements itself, so names are qualified and nothing depends on search_path.
 */
export const meters: readonly Meter[] = [
  {
    name: "members",
    unit: "1",
    description: "People who are members, whatever their role",
    sql: "SELECT count(*) AS value FROM public.members",
  },
  {
    name: "open_invitations",
    unit: "1",
    description: "Invitations that wait for an answer",
    sql: "SELECT count(*) AS value FROM public.invitations WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()",
  },
  {
    name: "storage_bytes",
    unit: "By",
    description: "Disk space of the vault's database",
    sql: "SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) AS value",
  },
];
