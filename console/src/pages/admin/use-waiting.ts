import { getFleetHealth } from "../../../../control-api/contract/fleet-health.ts";
import { useApiQuery } from "../../api/use-api-query.ts";

/** What waits for staff, counted; all 0 while it is not known. */
export const useWaiting = (): { failed: number; work: number; approvals: number } => {
  const { data } = useApiQuery(getFleetHealth, {}, { refetchInterval: 10_000 });
  return {
    failed: data?.phases["Failed"] ?? 0,
    work: (data?.work.failing ?? 0) + (data?.work.dead ?? 0),
    approvals: data?.awaitingApproval ?? 0,
  };
};
