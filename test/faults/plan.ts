import { z } from "zod";

const when = z.enum(["before", "after"]);
/** A write by its name in the trace, such as "create Namespace <vault>" or "sql CREATE DATABASE". */
const at = z.string().min(1);

/** What goes wrong. The numbers in the comments are those of docs/faults.md. */
export const Fault = z.discriminatedUnion("kind", [
  /** For the reference, and to see that a world without faults passes every check. */
  z.object({ kind: z.literal("none") }),
  /** 1, 2, 3: the operator is killed before the write is passed on, or after it is stored and before its reply. */
  z.object({ kind: z.literal("kill"), at, when }),
  /** 6: and killed again, at the nth write of its successor. */
  z.object({ kind: z.literal("kill-twice"), at, when, again: z.int().min(1), againWhen: when }),
  /** 8: the API server is killed at a write, and comes back after a while. */
  z.object({ kind: z.literal("api-crash"), at, when, downMs: z.int() }),
  /** 10: every second update meets a conflict. */
  z.object({ kind: z.literal("conflicts") }),
  /** 10: every update meets a conflict, for a while. */
  z.object({ kind: z.literal("conflicts-only"), forMs: z.int() }),
  /** 12: half of all requests are answered with 429, 500, 503, 504 or nothing, for a while. */
  z.object({ kind: z.literal("storm"), forMs: z.int(), seed: z.int() }),
  /** 13: every watch falls silent, without an end. */
  z.object({ kind: z.literal("silent-watches") }),
  /** 14: killed at a write, and started again on lists from before the operation. */
  z.object({ kind: z.literal("old-lists"), at, when }),
  /** 16: the leader is stopped in front of a write, another takes over, and the first wakes up and goes on. */
  z.object({ kind: z.literal("zombie"), at }),
  /** 16: the Lease is deleted while the leader works. */
  z.object({ kind: z.literal("lease-deleted"), at }),
  /** 16: killed at a write, and its successor's clock is wrong; then the Lease is deleted too. */
  z.object({ kind: z.literal("skewed-clock"), at, when, skewMs: z.int() }),
  /** Nothing goes wrong: the operator starts again when all is done, and then nothing is written for a minute. */
  z.object({ kind: z.literal("quiet"), forMs: z.int() }),
  /** 20: PostgreSQL is killed at a write, and comes back after a while. */
  z.object({ kind: z.literal("database-crash"), at, when, downMs: z.int() }),
  /** 36: killed at a write, and its successor is told that there are no Tenants. */
  z.object({ kind: z.literal("empty-lists"), at, when }),
]);
export type Fault = z.infer<typeof Fault>;
export type FaultKind = Fault["kind"];

/** One run: an operation, and what goes wrong during it. This is also the file that replays it. */
export const Plan = z.object({ operation: z.string(), fault: Fault });
export type Plan = z.infer<typeof Plan>;

/** "create: kill before create Namespace <vault>". */
export const planId = ({ operation, fault }: Plan): string => {
  const parts: string[] = [fault.kind];
  if ("when" in fault) parts.push(fault.when);
  if ("at" in fault) parts.push(fault.at);
  if (fault.kind === "kill-twice") parts.push(`then ${fault.againWhen} write ${fault.again} after it`);
  return `${operation}: ${parts.join(" ")}`;
};
