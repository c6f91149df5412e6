import type { Transaction } from "../db/registry-database.ts";
import { affiliationRepository } from "./affiliation-repository.ts";
import { takeStep } from "./take-step.ts";

export interface AffiliationWish {
  readonly collectiveId: string;
  readonly umbrellaSlug: string | null;
  /** Hash of the token in an umbrella's invitation link. */
  readonly invitationHash: string | null;
  readonly personId: string;
  readonly at: Date;
  readonly requestId: string;
}

/**
 * What a new collective asked of an umbrella: joins at once with an invitation that still holds, asks otherwise. An umbrella
 * that is not there is left out: the collective finds it, or not, on its own page. Part of the caller's transaction.
 */
export const requestAffiliation = async (
  transaction: Transaction,
  wish: AffiliationWish,
): Promise<{ invited: boolean }> => {
  const { collectiveId, umbrellaSlug, invitationHash, personId, at, requestId } = wish;
  const rows = affiliationRepository(transaction);
  const step = { by: "collective", personId, at, requestId } as const;
  const inviting = invitationHash === null ? null : await rows.spendInvitation(invitationHash, at);
  if (inviting !== null) {
    await takeStep(transaction, { ...step, act: "join-by-invitation", pair: { umbrellaId: inviting, collectiveId } });
    return { invited: true };
  }
  const umbrella = umbrellaSlug === null ? null : await rows.openUmbrella(umbrellaSlug);
  if (umbrella)
    await takeStep(transaction, { ...step, act: "request", pair: { umbrellaId: umbrella.id, collectiveId } });
  return { invited: false };
};
