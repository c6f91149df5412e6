import type { TenantStatus } from "../../crds/index.ts";
import { knownReason, reasons } from "../../crds/reasons.ts";
import type { TenantEvent } from "./deps.ts";

const conditionOf = (status: TenantStatus | undefined, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

/** Conditions beside Ready that people are told of when their reason changes; what is good from the start is no news. */
const beside = ["SecretsCurrent", "LimitsRespected"];
const worrying = new Set<string>(["RotationOverdue", "LimitsExceeded", "LimitUnknown"]);

const besideEvents = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] =>
  beside.flatMap((type) => {
    const was = conditionOf(before, type);
    const is = conditionOf(after, type);
    if (!is || is.reason === was?.reason || (!was && is.status === "True")) return [];
    const event = worrying.has(is.reason) ? ("Warning" as const) : ("Normal" as const);
    return [{ type: event, reason: knownReason(is.reason), message: is.message }];
  });

/** What changed between two statuses that people should be told; nothing when nothing did. */
export const eventsOf = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] => [
  ...readyEvents(before, after),
  ...besideEvents(before, after),
  ...heldEvents(before, after),
  ...upgradeEvents(before, after),
];

/** What keeps a vault that serves from its wanted release and needs a person, or that it has come to run another. */
const upgradeEvents = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] => {
  const [from, to] = [before?.release?.name, after.release?.name];
  if (from && to && from !== to)
    return [{ type: "Normal", reason: "ReleaseCurrent", message: `${to} runs in place of ${from}.` }];
  const was = conditionOf(before, "ReleaseCurrent");
  const is = conditionOf(after, "ReleaseCurrent");
  // What else is wrong is told with Ready.
  if (!is || is.status === "True" || is.reason === was?.reason || conditionOf(after, "Ready")?.status !== "True")
    return [];
  const reason = knownReason(is.reason);
  const type = reasons[reason].kind === "action" ? "Warning" : "Normal";
  return from && reason !== "RollingOut" ? [{ type, reason, message: is.message }] : [];
};

/** A deletion that waits for an answer. */
const heldEvents = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] => {
  const is = conditionOf(after, "DeletionHeld");
  if (is?.status !== "True" || conditionOf(before, "DeletionHeld")?.status === "True") return [];
  return [{ type: "Warning", reason: knownReason(is.reason), message: is.message }];
};

const readyEvents = (before: TenantStatus | undefined, after: TenantStatus): TenantEvent[] => {
  const was = conditionOf(before, "Ready");
  const is = conditionOf(after, "Ready");
  if (!is || (was?.status === is.status && was.reason === is.reason && before?.phase === after.phase)) return [];
  if (is.status === "True") return [{ type: "Normal", reason: "Ready", message: after.message ?? is.message }];
  const isBlocked = conditionOf(after, "DeletionBlocked")?.status === "True";
  const type = after.phase === "Failed" || isBlocked ? "Warning" : "Normal";
  const step =
    after.progress && after.phase === "Provisioning" ? `Step ${after.progress.step + 1} of ${after.progress.of}: ` : "";
  return [{ type, reason: knownReason(is.reason), message: `${step}${is.message}` }];
};
