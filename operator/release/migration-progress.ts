import type { Job } from "../../kube/kinds.ts";
import { attemptAnnotation } from "./migration-names.ts";

/** How the newest run stands. */
export type Progress =
  | { state: "none" }
  | { state: "running"; attempt: number }
  | { state: "succeeded"; attempt: number }
  | { state: "failed"; attempt: number; failedAt: Date };

const attemptOf = (job: Job): number => Number(job.metadata?.annotations?.[attemptAnnotation] ?? 1);

/** The newest of the Jobs of one run; those before it have failed. */
export const newestJob = (jobs: readonly Job[]): Job | undefined =>
  [...jobs].sort((a, b) => attemptOf(a) - attemptOf(b)).at(-1);

const finished = (job: Job, type: "Complete" | "Failed") =>
  job.status?.conditions?.find((condition) => condition.type === type && condition.status === "True");

export const progressOf = (job: Job | undefined): Progress => {
  if (!job) return { state: "none" };
  const attempt = attemptOf(job);
  if (finished(job, "Complete")) return { state: "succeeded", attempt };
  const failed = finished(job, "Failed");
  if (!failed) return { state: "running", attempt };
  return { state: "failed", attempt, failedAt: new Date(failed.lastTransitionTime ?? 0) };
};

/** 30 s after the first failure, doubled each time, ten minutes at most. */
export const retryAt = (failed: { attempt: number; failedAt: Date }): Date =>
  new Date(failed.failedAt.getTime() + Math.min(30_000 * 2 ** (failed.attempt - 1), 600_000));
