import type { Transaction } from "../db/registry-database.ts";

/** What the registry's metrics say. */
export interface RegistryFigures {
  readonly vaults: readonly { readonly phase: string; readonly count: number }[];
  readonly approvalsWaiting: number;
  readonly work: readonly { readonly kind: string; readonly waiting: number; readonly dead: number }[];
  /** Age of the oldest work that is neither done nor given up; 0 when there is none. */
  readonly oldestWorkSeconds: number;
}

/** Counts by indexes; no vault is asked. As the platform. */
export const readRegistryFigures = async (transaction: Transaction, now: Date): Promise<RegistryFigures> => {
  const vaults = await transaction("vaults")
    .groupBy("phase")
    .select<{ phase: string; count: number }[]>("phase", transaction.raw("count(*)::int AS count"));
  const [waiting] = await transaction("organizations")
    .where({ approval: "pending" })
    .whereNull("closed_at")
    .count<{ count: string }[]>();
  const work = await transaction("outbox")
    .whereNull("done_at")
    .groupBy("kind")
    .select<{ kind: string; waiting: number; dead: number; oldest: Date | null }[]>(
      "kind",
      transaction.raw("count(*) FILTER (WHERE dead_at IS NULL)::int AS waiting"),
      transaction.raw("count(*) FILTER (WHERE dead_at IS NOT NULL)::int AS dead"),
      transaction.raw("min(created_at) FILTER (WHERE dead_at IS NULL) AS oldest"),
    );
  const ages = work.map(({ oldest }) => (oldest === null ? 0 : (now.getTime() - oldest.getTime()) / 1000));
  return {
    vaults,
    approvalsWaiting: Number(waiting?.count ?? 0),
    work: work.map(({ kind, waiting: open, dead }) => ({ kind, waiting: open, dead })),
    oldestWorkSeconds: Math.max(0, ...ages),
  };
};
