import { hour, later } from "../clock.ts";
import type { Locale } from "../contract/fields.ts";
import type { NewRegistration } from "../contract/registrations.ts";
import type { Actor } from "../http/call.ts";
import { newId } from "../ids.ts";
import type { Tokens } from "../tokens.ts";

/** How long the link in the mail works, and how long an unproven registration keeps its slug. */
const registrationLastsMs = 48 * hour;

/** The same for one that staff have prepared: who is invited did not ask for it just now. */
export const preparedLastsMs = 14 * 24 * hour;

/** What goes with a registration that staff make for somebody. */
export interface Preparation {
  readonly invitedBy: Actor;
  readonly lastsMs: number;
}

/** What somebody asked for, before their mail address is proven. UUIDs. */
export interface PendingRegistrationRow {
  readonly id: string;
  readonly template: string;
  readonly type: "umbrella" | "collective";
  readonly slug: string;
  readonly name: string;
  readonly contactName: string;
  readonly contactEmail: string;
  readonly locale: Locale;
  readonly umbrellaSlug: string | null;
  readonly affiliationInvitation: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly provenAt: Date | null;
  /** The one of the staff who prepared it, if anybody did: it needs no approval then. */
  readonly invitedBy: string | null;
}

/** Where a registration stands at `now`. Pure. */
export const registrationState = (
  { provenAt, expiresAt }: Pick<PendingRegistrationRow, "provenAt" | "expiresAt">,
  now: Date,
): "open" | "proven" | "expired" => {
  if (provenAt !== null) return "proven";
  return expiresAt <= now ? "expired" : "open";
};

/** A registration out of what was sent. */
export const pendingRegistration = (
  input: NewRegistration,
  { tokens, now, preparation }: { tokens: Tokens; now: Date; preparation?: Preparation | undefined },
): PendingRegistrationRow => {
  const { affiliationInvitation: invitation } = input;
  return {
    id: newId(),
    template: input.template,
    type: input.type,
    slug: input.slug,
    name: input.name,
    contactName: input.contact.name,
    contactEmail: input.contact.email,
    locale: input.locale,
    umbrellaSlug: input.umbrella ?? null,
    affiliationInvitation: invitation === undefined ? null : tokens.hash("affiliation", invitation),
    createdAt: now,
    expiresAt: later(now, preparation?.lastsMs ?? registrationLastsMs),
    provenAt: null,
    invitedBy: preparation?.invitedBy.person.id ?? null,
  };
};
