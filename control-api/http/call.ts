import type { Locale } from "../contract/fields.ts";
import type { Role } from "../contract/route-contract.ts";

/** Who is asking. UUIDs. */
export interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly platformRole: "admin" | "support" | null;
}

/** An organization that the asking person may act in, with the role that says how far. UUID. */
export interface Membership {
  readonly organizationId: string;
  readonly slug: string;
  readonly role: Role;
}

/** Whose login a request came with, and what they are in the organization that its path names. */
export interface Asking {
  readonly person: Person;
  readonly membership: Membership | null;
}

/** What is told about a request beside what it asks for: for the audit log and for what is bound to a browser. */
export interface Circumstances {
  readonly requestId: string;
  /** Of the visitor, as the proxy in front says. */
  readonly address: string;
  readonly userAgent: string;
  /** A random value that stays with this browser; "" when it sent none. */
  readonly browser: string;
}

/** Who does something, and in which request. */
export interface Actor {
  readonly person: Person;
  readonly circumstances: Circumstances;
}

/** A member who acts in their organization. */
export interface ActingMember extends Actor {
  readonly membership: Membership;
}

/** Who acts by this call. */
export const actorOf = (call: Circumstances & { readonly person: Person }): Actor => ({
  person: call.person,
  circumstances: call,
});

/** Which member acts by this call. */
export const actingMemberOf = (
  call: Circumstances & { readonly person: Person; readonly membership: Membership },
): ActingMember => ({ ...actorOf(call), membership: call.membership });
