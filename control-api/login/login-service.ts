import { type Clock, hour, later, minute } from "../clock.ts";
import type { LinkState } from "../contract/login.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { AppError, notFound, problem } from "../errors.ts";
import type { Circumstances, Person } from "../http/call.ts";
import { newId } from "../ids.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { emailKey, personRepository } from "../people/person-repository.ts";
import { derivedToken, type Tokens } from "../tokens.ts";
import { type LoginLink, loginLinkRepository } from "./login-link-repository.ts";
import { sessionRepository } from "./session-repository.ts";
import type { SessionService } from "./session-service.ts";

export const loginLinkLastsMs = 10 * minute;

/** Mails to one mailbox in an hour, whoever asks: more than a person needs, too few to pester anybody. */
const mailsPerHour = 20;

/** Those asked for from one address: one visitor alone cannot use up what somebody else may need. */
const mailsPerHourAndAddress = 6;

/** A code of six digits may be guessed this often, then the link is dead. */
const mostWrongCodes = 5;

export interface Asked {
  /** To be typed where the link is opened, should that be another browser. */
  readonly code: string;
  /** Value for the cookie that binds the link to the asking browser. */
  readonly browser: string;
  readonly expiresAt: Date;
}

export interface LoginService {
  /** Answers alike whether or not anybody has this address. */
  ask(email: string, circumstances: Circumstances): Promise<Asked>;
  /** What a link is good for, without spending it. */
  look(token: string, circumstances: Circumstances): Promise<LinkState>;
  /** Whether it would log in the very person who is logged in already. */
  isFor(token: string, person: Person): Promise<boolean>;
  /** Spends it. Returns the value of the session's cookie. Throws 404 (unknown), 409 (spent), 410 (expired), 422 (code). */
  spend(token: string, code: string | undefined, circumstances: Circumstances): Promise<string>;
}

export interface LoginServiceDeps {
  readonly registry: RegistryDatabase;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly sessions: SessionService;
}

const spent = () => problem("link-spent", "A login link works once. Ask for a new one.");
const expired = () => problem("link-expired", "A login link works for a short time only. Ask for a new one.");
const codeNeeded = (wrong: boolean) =>
  problem(
    wrong ? "wrong-code" : "code-needed",
    `${wrong ? "That is not the code. " : ""}Type the six digits that stand where you asked for the link.`,
    [{ pointer: "/code", detail: "Six digits, as shown where you asked for the link." }],
  );

type Asking = { readonly email: string; readonly browserHash: string; readonly address: string; readonly now: Date };

/** Whether no more mails are sent: never where the mailbox's owner has logged in before, whatever others ask in their name. */
const hasHadEnough = async (transaction: Transaction, personId: string, asking: Asking): Promise<boolean> => {
  const links = loginLinkRepository(transaction);
  const { email, browserHash, address, now } = asking;
  const { all, here } = await links.countSince(emailKey(email), address, later(now, -hour));
  if (all < mailsPerHour && here < mailsPerHourAndAddress) return false;
  const isAtHome =
    (await links.hasSpentFrom(emailKey(email), browserHash)) ||
    (await sessionRepository(transaction).hasBeenAt(personId, address));
  return !isAtHome;
};

const isBoundElsewhere = (tokens: Tokens, { boundTo }: LoginLink, { browser }: Circumstances): boolean =>
  boundTo !== null && (browser === "" || !tokens.matches("browser", browser, boundTo.browserHash));

const isCodeOf = (tokens: Tokens, { id, boundTo }: LoginLink, code: string): boolean =>
  boundTo !== null && tokens.matches("login-code", `${id}${code}`, boundTo.codeHash);

const stateOf = (link: LoginLink, now: Date): LinkState["state"] => {
  if (link.spentAt !== null || link.wrongCodes >= mostWrongCodes) return "spent";
  return link.expiresAt <= now ? "expired" : "open";
};

export const createLoginService = ({ registry, tokens, clock, sessions }: LoginServiceDeps): LoginService => {
  const found = async (token: string, links: ReturnType<typeof loginLinkRepository>): Promise<LoginLink> => {
    const link = await links.byToken(tokens.hash("login", token));
    if (!link) throw notFound("This login link");
    return link;
  };

  return {
    ask: (email, { browser, address }) =>
      registry.asPlatform(async (transaction) => {
        const now = clock.now();
        const [id, code, asking] = [newId(), tokens.code(), browser || tokens.fresh()];
        const expiresAt = later(now, loginLinkLastsMs);
        const links = loginLinkRepository(transaction);
        const known = await personRepository(transaction).byEmail(email);
        const browserHash = tokens.hash("browser", asking);
        const isEnough = known && (await hasHadEnough(transaction, known.id, { email, browserHash, address, now }));
        const link = {
          id,
          emailKey: emailKey(email),
          boundTo: { browserHash, codeHash: tokens.hash("login-code", `${id}${code}`) },
          address,
          createdAt: now,
          expiresAt,
        };
        await links.add(link, tokens.hash("login", derivedToken(tokens, "login", id)));
        if (known && !isEnough) {
          await leaveWork(transaction, {
            kind: "mail",
            subject: id,
            payload: { letter: "login", person: known.id },
            at: now,
          });
        }
        return { code, browser: asking, expiresAt };
      }),
    look: (token, circumstances) =>
      registry.asPlatform(async (transaction) => {
        const link = await found(token, loginLinkRepository(transaction));
        return { state: stateOf(link, clock.now()), needsCode: isBoundElsewhere(tokens, link, circumstances) };
      }),
    isFor: (token, { email }) =>
      registry.asPlatform(async (transaction) => {
        const link = await loginLinkRepository(transaction).byToken(tokens.hash("login", token));
        return link?.emailKey === emailKey(email);
      }),
    spend: async (token, code, circumstances) => {
      const outcome = await registry.asPlatform(async (transaction) => {
        const links = loginLinkRepository(transaction);
        const link = await found(token, links);
        const state = stateOf(link, clock.now());
        if (state !== "open") return state === "spent" ? spent() : expired();
        if (isBoundElsewhere(tokens, link, circumstances)) {
          if (code === undefined) return codeNeeded(false);
          if (!isCodeOf(tokens, link, code)) {
            await links.countWrongCode(link.id);
            return codeNeeded(true);
          }
        }
        const person = await personRepository(transaction).byEmail(link.emailKey);
        if (!person) return notFound("This login link");
        await links.spend(link.id, clock.now());
        return sessions.open(transaction, person, circumstances);
      });
      // Thrown out here: a wrong code must stay counted.
      if (outcome instanceof AppError) throw outcome;
      return outcome;
    },
  };
};
