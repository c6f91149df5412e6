import { setTimeout as sleep } from "node:timers/promises";
import { kinds } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";

/** What the Job controller would write; it wants each end announced by another condition. */
const endOf = (ok: boolean, began: string | undefined) => {
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, reason: string) => ({
    ...{ type, status: "True", lastProbeTime: at, lastTransitionTime: at, reason, message: "The worker ended." },
  });
  const counted = { startTime: began ?? at, active: null, ready: 0, terminating: 0 };
  if (!ok) {
    const reason = "BackoffLimitExceeded";
    return { ...counted, failed: 1, conditions: [condition("FailureTarget", reason), condition("Failed", reason)] };
  }
  const reason = "CompletionsReached";
  const conditions = [condition("SuccessCriteriaMet", reason), condition("Complete", reason)];
  return { ...counted, completionTime: at, succeeded: 1, conditions };
};

/**
 * Says what the Job controller would say once a Job's pod has ended. The controller writes to the same status: what is
 * refused, because both wrote at once, is said again.
 */
export const announceEnd = async (
  kube: Kube,
  ref: { namespace: string; name: string },
  ok: boolean,
  signal?: AbortSignal,
): Promise<void> => {
  for (let tries = 0; !signal?.aborted; tries += 1) {
    try {
      const now = await kube.find(kinds.job, ref);
      if (now) await kube.patchStatus(kinds.job, ref, { status: endOf(ok, now.status?.startTime) });
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(200);
    }
  }
};
