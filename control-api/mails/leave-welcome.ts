import type { Transaction } from "../db/registry-database.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { addWelcomeLink } from "../login/welcome-link.ts";
import type { Tokens } from "../tokens.ts";
import { findOwner } from "./find-owner.ts";

/** Leaves the mail that welcomes an organization's (UUID) owner to its new vault, with a link that logs them in. As the platform. */
export const leaveWelcome = async (
  transaction: Transaction,
  tokens: Tokens,
  { organizationId, at }: { readonly organizationId: string; readonly at: Date },
): Promise<void> => {
  const owner = await findOwner(transaction, organizationId);
  if (!owner) return;
  const link = await addWelcomeLink(transaction, tokens, { email: owner.email, at });
  const payload = { letter: "welcome", person: owner.id, link };
  await leaveWork(transaction, { kind: "mail", subject: organizationId, payload, at });
};
