import type { VaultRelease, VaultReleaseStatus } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import { conditionsOf, type Judgement } from "../conditions.ts";

export type GoldenState = NonNullable<VaultReleaseStatus["goldenTemplates"]>[number];

/** One server's golden template as this visit found it, and when to look again. */
export type GoldenVisit = GoldenState & { reason: Reason; lookAgainMs: number | null };

const judge = (visits: readonly GoldenVisit[], problem: Judgement | null): Judgement => {
  if (problem) return problem;
  const make = (status: "True" | "False", reason: Reason, message: string): Judgement => ({
    type: "Ready",
    status,
    reason,
    message,
  });
  if (visits.length === 0)
    return make(
      "False",
      "NoDatabaseServer",
      "There is no DatabaseServer yet, so there is nowhere to put a golden template.",
    );
  const failed = visits.find(({ state }) => state === "Failed");
  if (failed)
    return make("False", failed.reason, `On "${failed.server}": ${failed.message ?? "the migrations failed."}`);
  const going = visits.find(({ state }) => state === "Migrating") ?? visits.find(({ state }) => state === "Pending");
  if (going)
    return make(
      "False",
      going.reason,
      `On "${going.server}": ${going.message ?? "the golden template is being made."}`,
    );
  return make("True", "Ready", "Every database server has the golden template; vaults can be made from it.");
};

/** The status of a release as a pure function of what each server's visit brought. */
export const releaseStatus = (
  release: VaultRelease,
  visits: readonly GoldenVisit[],
  problem: Judgement | null,
  tenants: number,
  now: Date,
): VaultReleaseStatus => {
  const { metadata, status } = release;
  const golden = visits.map(({ server, database, state, message }) => ({
    server,
    database,
    state,
    ...(message === undefined ? {} : { message: message.slice(0, 2048) }),
  }));
  return {
    goldenTemplates: golden,
    tenants,
    observedGeneration: metadata.generation,
    conditions: conditionsOf(status?.conditions, [judge(visits, problem)], metadata.generation, now),
  };
};
