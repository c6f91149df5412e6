import type { TenantStatus } from "../../crds/index.ts";
import { knownReason } from "../../crds/reasons.ts";
import type { TenantEvent } from "./deps.ts";

/** What changed between two statuses that people should be told; nothing when nothing did. */
export const eventsOf = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] => {
  const readyOf = (status: TenantStatus | undefined) =>
    status?.conditions?.find((condition) => condition.type === "Ready");
  const was = readyOf(before);
  const is = readyOf(after);
  if (!is || (was?.status === is.status && was.reason === is.reason && before?.phase === after.phase)) return [];
  if (is.status === "True") return [{ type: "Normal", reason: "Ready", message: after.message ?? is.message }];
  const type = after.phase === "Failed" ? "Warning" : "Normal";
  const step =
    after.progress && after.phase === "Provisioning" ? `Step ${after.progress.step + 1} of ${after.progress.of}: ` : "";
  return [{ type, reason: knownReason(is.reason), message: `${step}${is.message}` }];
};
