import type { RegistryDatabase } from "../db/registry-database.ts";

export interface AuditVerification {
  readonly whole: boolean;
  readonly entries: number;
  /** The first wrong entry of each chain that is broken. */
  readonly broken: { chain: string; number: number }[];
}

/** Hashes are computed anew, compared with their neighbours, and the end of each chain with its head. */
const check = `
WITH entries AS (
  SELECT a.chain, a.number, a.hash = audit_hash(a) AS hashed,
    a.number = coalesce(lag(a.number) OVER chain, 0) + 1 AND a.previous_hash = coalesce(lag(a.hash) OVER chain, '') AS linked
  FROM audit_log a WINDOW chain AS (PARTITION BY a.chain ORDER BY a.number)
), ends AS (
  SELECT h.chain, h.number, (SELECT a.hash FROM audit_log a WHERE a.chain = h.chain AND a.number = h.number) IS NOT DISTINCT FROM h.hash AS ended
  FROM audit_heads h
)
SELECT chain, min(number)::int AS number FROM (
  SELECT chain, number FROM entries WHERE NOT (hashed AND linked)
  UNION ALL SELECT chain, number FROM ends WHERE NOT ended
) wrong GROUP BY chain ORDER BY chain`;

/** Whether nothing in the audit log was changed, taken out or slipped in since it was written. */
export const verifyAudit = (registry: RegistryDatabase): Promise<AuditVerification> =>
  registry.asPlatform(async (transaction) => {
    const { rows: broken } = await transaction.raw<{ rows: { chain: string; number: number }[] }>(check);
    const [count] = await transaction("audit_log").count<{ count: string }[]>();
    return { whole: broken.length === 0, entries: Number(count?.count ?? 0), broken };
  });
