import type { Role } from "../contract/route-contract.ts";

/** Who is asking. UUIDs. */
export interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  readonly platformRole: "admin" | "support" | null;
}

/** An organization that the asking person may act in, with the role that says how far. UUID. */
export interface Membership {
  readonly organizationId: string;
  readonly slug: string;
  readonly role: Role;
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
