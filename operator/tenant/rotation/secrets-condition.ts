import type { Tenant, TenantStatus } from "../../../crds/index.ts";
import type { Judgement } from "../../conditions.ts";
import { durationMs } from "../../duration.ts";
import { hasOpenRequest, isOverdue, isRotating, type RotationPolicy } from "./rotation.ts";

/** A rotation that takes longer than this is held up by something. */
const longRotationMs = durationMs("1h");

const judge = (
  status: "True" | "False",
  reason: Judgement["reason"],
  message: string,
): Pick<Judgement, "status" | "reason" | "message"> => ({ status, reason, message });

const underWay = (rotation: TenantStatus["rotation"], now: Date) => {
  const { database, signing } = rotation ?? {};
  const began = Math.min(...[database, signing].flatMap((one) => (one?.startedAt ? [Date.parse(one.startedAt)] : [])));
  if (now.getTime() - began > longRotationMs) {
    return judge(
      "False",
      "RotationOverdue",
      "The secrets are being replaced and do not get on: not every pod runs with the new ones yet. See: kubectl -n <status.backend.namespace> get pods",
    );
  }
  const what = [database?.startedAt ? "database password" : "", signing?.startedAt ? "signing key" : ""].filter(
    Boolean,
  );
  const verb = what.length > 1 ? "are" : "is";
  return judge("False", "Rotating", `The ${what.join(" and the ")} ${verb} being replaced, pod by pod.`);
};

/**
 * Whether a vault's password and key are the ones that they should be; no reason to call the vault unready. Undefined
 * before it has any.
 */
export const secretsCurrent = (
  tenant: Tenant,
  next: Pick<TenantStatus, "rotation" | "secretVersions">,
  { afterMs }: RotationPolicy,
  now: Date,
): Judgement | undefined => {
  if (!next.secretVersions) return undefined;
  const told = (): Pick<Judgement, "status" | "reason" | "message"> => {
    if (isRotating(next)) return underWay(next.rotation, now);
    if (hasOpenRequest({ ...tenant, status: next })) {
      return judge(
        "False",
        "RotationWaiting",
        "A rotation was asked for; it begins once the vault's database and pods stand.",
      );
    }
    if (isOverdue({ ...tenant, status: next }, afterMs, now)) {
      return judge(
        "False",
        "RotationOverdue",
        "The secrets are older than the installation wants and could not be replaced, as the vault is not well: mend what Ready says.",
      );
    }
    return judge("True", "SecretsCurrent", "Every pod runs with the newest database password and signing key.");
  };
  return { type: "SecretsCurrent", ...told() };
};
