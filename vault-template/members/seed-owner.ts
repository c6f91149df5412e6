import { emailKey } from "../email-address.ts";
import type { Member } from "./member.ts";
import type { MemberRepository } from "./member-repository.ts";

export interface NamedOwner {
  email: string;
  name: string;
}

export type SeedOutcome = "unchanged" | "added" | "promoted" | "address-corrected";

/** Is anything to be written? Asked first, so that a vault that is read-only starts without writing. */
export const ownerIsSeeded = (named: Member | null, owner: NamedOwner): boolean =>
  named !== null && named.role === "owner" && emailKey(named.email) === emailKey(owner.email);

/**
 * Makes the person whom the platform names the owner, once, however often it runs; call it in a transaction that
 * holds the seeding lock. A name is taken over only when the member is made: people's own changes stay.
 *
 * When the platform names somebody else: an earlier owner who never logged in was a mistyped address and is corrected
 * in place; one who did log in stays as admin, so that nobody loses the choir by a change of hands.
 */
export async function seedOwner(members: MemberRepository, owner: NamedOwner, now: Date): Promise<SeedOutcome> {
  const named = await members.namedByPlatform();
  if (ownerIsSeeded(named, owner)) return "unchanged";
  const person = await members.findByEmail(owner.email);
  if (named && !person && named.firstLoginAt === null) {
    await members.change(named.id, { email: owner.email, name: owner.name, role: "owner" });
    return "address-corrected";
  }
  if (named && named.id !== person?.id) await members.change(named.id, { namedByPlatform: false, role: "admin" });
  if (person) {
    await members.change(person.id, { role: "owner", namedByPlatform: true });
    return "promoted";
  }
  await members.add({ ...owner, role: "owner", namedByPlatform: true, at: now, firstLoginAt: null });
  return "added";
}
