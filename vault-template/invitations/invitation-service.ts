import * as z from "zod";
import { later, day, type Clock } from "../clock.ts";
import type { Database } from "../db/connect.ts";
import { displayName } from "../display-name.ts";
import { emailAddress } from "../email-address.ts";
import { AppError, conflict, invalidInput, linkIsSpent, notAllowed, notFound, tooMany } from "../errors.ts";
import type { Log } from "../log.ts";
import { sessionLife } from "../login/login-service.ts";
import { sessionRepository } from "../login/session-repository.ts";
import type { Mails } from "../mail/mails.ts";
import { invitableRoles, managesMembers, type InvitableRole, type Member } from "../members/member.ts";
import { memberRepository } from "../members/member-repository.ts";
import type { Tokens } from "../tokens.ts";
import type { Invitation } from "./invitation.ts";
import { invitationRepository } from "./invitation-repository.ts";

export const invitationLife = 14 * day;
const mostPerDay = 300;

export interface InvitationDeps {
  database: Database;
  tokens: Tokens;
  mails: Mails;
  clock: Clock;
  log: Log;
}

/** An invitation and whether its mail went out; if not, "send again" tries anew. */
export interface Sent {
  invitation: Invitation;
  mailed: boolean;
}

export interface InvitationService {
  invite(by: Member, input: { email: string; role: string }): Promise<Sent>;
  sendAgain(by: Member, id: string): Promise<Sent>;
  withdraw(by: Member, id: string): Promise<void>;
  open(by: Member): Promise<Invitation[]>;
  peek(token: string): Promise<Invitation>;
  /** Makes the invited person a member under the name given and opens a session; returns its token. */
  accept(token: string, rawName: string): Promise<string>;
}

const manages = (by: Member) => {
  if (!managesMembers(by.role)) throw notAllowed("Only the choir's owner and admins invite people. Ask one of them.");
};

const invitedRole = (text: string): InvitableRole => {
  const role = invitableRoles.find((name) => name === text);
  if (!role) throw invalidInput("/role", `Please choose one of ${invitableRoles.join(", ")}.`);
  return role;
};

const idOf = (text: string): string => {
  if (!z.guid().safeParse(text).success) throw notFound();
  return text;
};

const gone = () =>
  linkIsSpent("This invitation was accepted or withdrawn, or is older than 14 days. Ask for a new one.");

const record = (deps: InvitationDeps, by: Member, email: string, role: InvitableRole, tokenHash: string) =>
  deps.database.transaction(async (transaction) => {
    const invitations = invitationRepository(transaction);
    const now = deps.clock.now();
    await invitations.queue();
    if (await memberRepository(transaction).findByEmail(email)) {
      throw conflict("already-member", "Already a member", "Somebody with this mail address is a member already.");
    }
    if ((await invitations.madeSince(later(now, -day))) >= mostPerDay) {
      throw tooMany(`${mostPerDay} invitations went out within a day. Please go on tomorrow.`, day / 1000);
    }
    await invitations.withdrawFor(email, now);
    return invitations.add({
      email,
      role,
      tokenHash,
      invitedBy: by.id,
      at: now,
      expiresAt: later(now, invitationLife),
    });
  });

const mail = async (deps: InvitationDeps, by: Member, invitation: Invitation, token: string): Promise<Sent> => {
  try {
    await deps.mails.invitation(by, invitation, token);
    return { invitation, mailed: true };
  } catch (error) {
    deps.log.error("an invitation could not be mailed", { invitation: invitation.id, error });
    return { invitation, mailed: false };
  }
};

const accept = async (deps: InvitationDeps, token: string, rawName: string): Promise<string> => {
  const name = displayName(rawName);
  if (name === null) throw invalidInput("/name", "Please type your name, at most 200 characters.");
  const { database, tokens } = deps;
  const now = deps.clock.now();
  const sessionToken = tokens.fresh();
  await database.transaction(async (transaction) => {
    const invitation = await invitationRepository(transaction).accept(tokens.hashes("invitation", token), now);
    if (!invitation) throw gone();
    const { email, role } = invitation;
    const members = memberRepository(transaction);
    const added = await members.add({ email, name, role, namedByPlatform: false, at: now, firstLoginAt: now });
    // Became a member another way meanwhile (named owner by the platform): the mail proves who it is all the same.
    const member = added ?? (await members.findByEmail(email));
    if (!member)
      throw new AppError({ status: 409, code: "try-again", title: "Try again", detail: "Please try again." });
    await sessionRepository(transaction).add(
      member.id,
      tokens.hash("session", sessionToken),
      now,
      later(now, sessionLife),
    );
  });
  return sessionToken;
};

/** Inviting people and their answer. */
export function invitationService(deps: InvitationDeps): InvitationService {
  const { database, tokens, clock } = deps;
  return {
    invite: async (by, input) => {
      manages(by);
      const email = emailAddress(input.email);
      if (email === null) throw invalidInput("/email", "Please type one mail address, such as kari@example.org.");
      const token = tokens.fresh();
      const invitation = await record(deps, by, email, invitedRole(input.role), tokens.hash("invitation", token));
      return mail(deps, by, invitation, token);
    },
    sendAgain: async (by, rawId) => {
      manages(by);
      const token = tokens.fresh();
      const expiresAt = later(clock.now(), invitationLife);
      const hash = tokens.hash("invitation", token);
      const invitation = await invitationRepository(database).renew(idOf(rawId), hash, expiresAt);
      if (!invitation) throw notFound("This invitation is no longer open. Look at the list of members.");
      return mail(deps, by, invitation, token);
    },
    withdraw: async (by, rawId) => {
      manages(by);
      const done = await invitationRepository(database).withdraw(idOf(rawId), clock.now());
      if (!done) throw notFound("This invitation is no longer open. Look at the list of members.");
    },
    open: async (by) => {
      manages(by);
      return invitationRepository(database).open();
    },
    peek: async (token) => {
      const invitation = await invitationRepository(database).peek(tokens.hashes("invitation", token), clock.now());
      if (!invitation) throw gone();
      return invitation;
    },
    accept: (token, rawName) => accept(deps, token, rawName),
  };
}
