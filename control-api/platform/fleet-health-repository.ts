import type { FleetHealth } from "../contract/fleet-health.ts";
import type { Transaction } from "../db/registry-database.ts";

type Work = { failing: string; dead: string };

/** How the whole fleet is, counted. As the platform. */
export const readFleetHealth = async (transaction: Transaction): Promise<FleetHealth> => {
  const open = () => transaction("organizations as o").whereNull("o.closed_at");
  const phases = await open()
    .join("vaults as v", "v.organization_id", "o.id")
    .groupBy("v.phase")
    .select<{ phase: string; count: string }[]>("v.phase", transaction.raw("count(*) AS count"));
  const [waiting] = await open().where("o.approval", "pending").count<{ count: string }[]>();
  const [work] = await transaction("outbox")
    .whereNull("done_at")
    .select<Work[]>(
      transaction.raw("count(*) FILTER (WHERE dead_at IS NULL AND last_error IS NOT NULL) AS failing"),
      transaction.raw("count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead"),
    );
  return {
    phases: Object.fromEntries(phases.map(({ phase, count }) => [phase, Number(count)])),
    awaitingApproval: Number(waiting?.count ?? 0),
    work: { failing: Number(work?.failing ?? 0), dead: Number(work?.dead ?? 0) },
  };
};
