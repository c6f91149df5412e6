import { isDeepStrictEqual } from "node:util";
import type { Knex } from "knex";
import type { Transaction } from "../db/registry-database.ts";
import { rememberVault } from "./vault-history.ts";

/** What a Tenant's status says, as the registry keeps it. */
export interface Observation {
  readonly tenant: string;
  readonly vaultId: string | null;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly url: string | null;
  /** Public keys (Ed25519, base64url) by which the vault proves itself. */
  readonly clientKeys: readonly string[] | null;
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

type Row = Readonly<Record<string, unknown>> & {
  readonly organization_id: string;
  readonly live_at: Date | null;
  readonly phase: string;
  readonly reason: string;
};

const isLive = (phase: string): boolean => phase === "Active" || phase === "ReadOnly";

/** Tells who listens, as part of the statement that changes a vault. */
const telling = (transaction: Transaction): Knex.Raw =>
  transaction.raw("pg_notify(?, organization_id::text)", [vaultChannel]);

/** Marks a vault whose Tenant cannot even be written, and tells who listens. */
export const failVault = async (
  transaction: Transaction,
  failed: { organizationId: string; at: Date; reason: string; message: string },
): Promise<void> => {
  const { organizationId, at, reason, message } = failed;
  const fields = { phase: "Failed", reason, message };
  await transaction("vaults")
    .where({ organization_id: organizationId })
    .update({ ...fields, observed_at: at })
    .returning(telling(transaction));
  await rememberVault(transaction, { organizationId, at, ...fields });
};

/**
 * Keeps what is new of a vault and tells who listens. Returns the organization (UUID) and whether its vault answers for the
 * first time or has just failed; null for a Tenant that is none of ours, or when nothing is new.
 */
export const observeVault = async (
  transaction: Transaction,
  seen: Observation,
  at: Date,
): Promise<{ organizationId: string; wentLive: boolean; hasFailed: boolean } | null> => {
  const { tenant } = seen;
  const row = await transaction("vaults").where({ tenant }).forUpdate().first<Row | undefined>();
  if (!row) return null;
  const fields = {
    vault_id: seen.vaultId,
    phase: seen.phase,
    reason: seen.reason,
    message: seen.message,
    url: seen.url,
    client_keys: seen.clientKeys,
    ready: seen.ready,
    release: seen.release,
    step: seen.step,
    steps: seen.steps,
    current_step: seen.currentStep,
  };
  if (Object.entries(fields).every(([column, value]) => isDeepStrictEqual(row[column], value))) return null;
  const wentLive = isLive(seen.phase) && row.live_at === null;
  await transaction("vaults")
    .where({ tenant })
    .update({ ...fields, observed_at: at, ...(wentLive ? { live_at: at } : {}) })
    .returning(telling(transaction));
  const { organization_id: organizationId } = row;
  const { phase, reason, message } = seen;
  if (phase !== row.phase || reason !== row.reason)
    await rememberVault(transaction, { organizationId, at, phase, reason, message });
  return { organizationId, wentLive, hasFailed: phase === "Failed" && row.phase !== "Failed" };
};
