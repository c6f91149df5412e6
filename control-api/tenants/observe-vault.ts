import type { Transaction } from "../db/registry-database.ts";

/** What a Tenant's status says, as the registry keeps it. */
export interface Observation {
  readonly tenant: string;
  readonly vaultId: string | null;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly url: string | null;
  /** Whether it serves what it is to serve. */
  readonly ready: boolean;
  /** Version of the release that runs. */
  readonly release: string | null;
  readonly step: number | null;
  readonly steps: number | null;
  readonly currentStep: string | null;
}

/** Whoever listens is told the organization's UUID. */
export const vaultChannel = "vault_changed";

type Row = Readonly<Record<string, unknown>> & { readonly organization_id: string; readonly live_at: Date | null };

const isLive = (phase: string): boolean => phase === "Active" || phase === "ReadOnly";

/**
 * Keeps what is new of a vault and tells who listens. Returns the organization (UUID) and whether its vault answers for the
 * first time; null for a Tenant that is none of ours, or when nothing is new.
 */
export const observeVault = async (
  transaction: Transaction,
  seen: Observation,
  at: Date,
): Promise<{ organizationId: string; wentLive: boolean } | null> => {
  const { tenant } = seen;
  const row = await transaction("vaults").where({ tenant }).forUpdate().first<Row | undefined>();
  if (!row) return null;
  const fields = {
    vault_id: seen.vaultId,
    phase: seen.phase,
    reason: seen.reason,
    message: seen.message,
    url: seen.url,
    ready: seen.ready,
    release: seen.release,
    step: seen.step,
    steps: seen.steps,
    current_step: seen.currentStep,
  };
  if (Object.entries(fields).every(([column, value]) => row[column] === value)) return null;
  const wentLive = isLive(seen.phase) && row.live_at === null;
  await transaction("vaults")
    .where({ tenant })
    .update({ ...fields, observed_at: at, ...(wentLive ? { live_at: at } : {}) });
  await transaction.raw("SELECT pg_notify(?, ?)", [vaultChannel, row.organization_id]);
  return { organizationId: row.organization_id, wentLive };
};
