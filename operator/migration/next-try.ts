import type { Tenant } from "../../crds/index.ts";
import type { MigrationFacts } from "../database/vault-migrations.ts";
import { annotations } from "../tenant/names.ts";

const firstMs = 30_000;
const longestMs = 3_600_000;

/**
 * When a migration that failed is tried again: 30 s after the first failure, twice that after each further one, an hour
 * at most; at once when the Tenant asks for it after the failure. The epoch when nothing failed. Pure.
 */
export const nextTry = ({ failures, lastFailure }: MigrationFacts, tenant: Tenant): Date => {
  if (!lastFailure) return new Date(0);
  const asked = Date.parse(tenant.metadata.annotations?.[annotations.retryRequestedAt] ?? "");
  if (asked >= lastFailure.at.getTime()) return lastFailure.at;
  return new Date(lastFailure.at.getTime() + Math.min(firstMs * 2 ** Math.min(failures - 1, 20), longestMs));
};
