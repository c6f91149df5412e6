import type { Background } from "../background.ts";
import { later, day, minute, type Clock } from "../clock.ts";
import type { Database } from "../db/connect.ts";
import { databaseTrouble } from "../db/database-errors.ts";
import { emailAddress } from "../email-address.ts";
import { invalidInput, linkIsSpent, tooMany } from "../errors.ts";
import type { Mails } from "../mail/mails.ts";
import type { Member } from "../members/member.ts";
import { memberRepository } from "../members/member-repository.ts";
import type { Tokens } from "../tokens.ts";
import { loginLinkRepository } from "./login-link-repository.ts";
import { sessionRepository } from "./session-repository.ts";

export const linkLife = 10 * minute;
export const sessionLife = 30 * day;

/** Requests for a link within `linkWindow`. One address may be a whole choir's rehearsal room. */
const linkWindow = 15 * minute;
const mostByEmail = 5;
const mostByAddress = 40;
const mostInAll = 500;

export interface LoginDeps {
  database: Database;
  tokens: Tokens;
  mails: Mails;
  background: Background;
  clock: Clock;
}

export interface LoginService {
  /** Mails a link if the address is a member's. Known or not, it does and answers the same before anything is mailed. */
  requestLink(rawEmail: string, visitorAddress: string): Promise<void>;
  /** Whose link this is, without spending it. Throws linkIsSpent. */
  peek(token: string): Promise<Member>;
  /** Spends the link and opens a session; returns the session's token. Throws linkIsSpent. */
  logIn(token: string): Promise<string>;
  memberOfSession: (sessionToken: string) => Promise<Member | null>;
  logOut(sessionToken: string): Promise<void>;
}

const spent = () =>
  linkIsSpent("It was used already, or is older than ten minutes. Ask for a new one on the front page.");

const requestLink = async (deps: LoginDeps, rawEmail: string, visitorAddress: string): Promise<void> => {
  const email = emailAddress(rawEmail);
  if (email === null) throw invalidInput("/email", "Please type one mail address, such as kari@example.org.");
  const { database, tokens, clock } = deps;
  const token = tokens.fresh();
  const addressHash = tokens.hash("visitor-address", visitorAddress);
  const addressHashes = tokens.hashes("visitor-address", visitorAddress);
  const now = clock.now();
  const memberId = await database.transaction(async (transaction) => {
    const links = loginLinkRepository(transaction);
    await links.queue();
    const asked = await links.askedSince(later(now, -linkWindow), email, addressHashes);
    if (asked.byEmail >= mostByEmail || asked.byAddress >= mostByAddress || asked.inAll >= mostInAll) {
      throw tooMany(
        "Too many login links were asked for. Look into your inbox, or try again in 15 minutes.",
        linkWindow / 1000,
      );
    }
    const tokenHash = tokens.hash("login", token);
    return links.add({ email, addressHash, tokenHash, at: now, expiresAt: later(now, linkLife) });
  });
  deps.background.run("mailing a login link", async () => {
    await loginLinkRepository(database).forgetBefore(later(now, -day));
    const member = memberId === null ? null : await memberRepository(database).find(memberId);
    if (member) await deps.mails.loginLink(member, token);
  });
};

// While read-only the row cannot be written; the note only tells a mistyped owner from a real one.
const noteFirstLogin = async (deps: LoginDeps, memberId: string): Promise<void> => {
  try {
    await memberRepository(deps.database).noteFirstLogin(memberId, deps.clock.now());
  } catch (error) {
    if (databaseTrouble(error) !== "read-only") throw error;
  }
};

/** Logging in and out: hashed single-use links by mail, hashed sessions. */
export function loginService(deps: LoginDeps): LoginService {
  const { database, tokens, clock } = deps;
  const hashes = (token: string) => tokens.hashes("login", token);
  return {
    requestLink: (rawEmail, visitorAddress) => requestLink(deps, rawEmail, visitorAddress),
    peek: async (token) => {
      const memberId = await loginLinkRepository(database).peek(hashes(token), clock.now());
      const member = memberId === null ? null : await memberRepository(database).find(memberId);
      if (!member) throw spent();
      return member;
    },
    logIn: async (token) => {
      const sessionToken = tokens.fresh();
      const now = clock.now();
      const memberId = await database.transaction(async (transaction) => {
        const id = await loginLinkRepository(transaction).spend(hashes(token), now);
        if (id === null) throw spent();
        const sessions = sessionRepository(transaction);
        await sessions.forgetExpired(now);
        await sessions.add(id, tokens.hash("session", sessionToken), now, later(now, sessionLife));
        return id;
      });
      await noteFirstLogin(deps, memberId);
      return sessionToken;
    },
    memberOfSession: (sessionToken) =>
      sessionRepository(database).member(tokens.hashes("session", sessionToken), clock.now()),
    logOut: (sessionToken) => sessionRepository(database).end(tokens.hashes("session", sessionToken)),
  };
}
