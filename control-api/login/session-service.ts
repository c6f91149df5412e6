import { type Clock, day, later } from "../clock.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Asking, Circumstances, Person } from "../http/call.ts";
import { newId } from "../ids.ts";
import { type KnownPerson, personRepository } from "../people/person-repository.ts";
import type { Tokens } from "../tokens.ts";
import { type Session, sessionRepository } from "./session-repository.ts";
import type { WhoAsks } from "./who-asks.ts";

/** How long a login holds without being used, and at most. */
export const sessionLastsMs = 30 * day;

export interface SessionService {
  /** Within the transaction that spends whatever the person proved themselves by. Returns the cookie's value. */
  open(transaction: Transaction, person: KnownPerson, circumstances: Circumstances): Promise<string>;
  /** Who sent this cookie, and what they are in the organization of that slug. */
  asking(token: string, slug: string | null): Promise<Asking | null>;
  personOf(token: string): Promise<Person | null>;
  list(person: Person): Promise<Session[]>;
  /** 404 when it is none of this person's. */
  revoke(person: Person, sessionId: string): Promise<void>;
  /** Ends every login of this person. */
  revokeAll(person: Person): Promise<void>;
}

export interface SessionServiceDeps {
  readonly registry: RegistryDatabase;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly whoAsks: WhoAsks;
}

export const createSessionService = ({ registry, tokens, clock, whoAsks }: SessionServiceDeps): SessionService => ({
  open: async (transaction, person, { userAgent, address }) => {
    const now = clock.now();
    const token = tokens.fresh();
    const session = {
      id: newId(),
      personId: person.id,
      userAgent,
      address,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: later(now, sessionLastsMs),
    };
    await sessionRepository(transaction).add(session, tokens.hash("session", token));
    await personRepository(transaction).markLogin(person.id, now);
    return token;
  },
  asking: (token, slug) => whoAsks({ tokenHash: tokens.hash("session", token) }, slug),
  personOf: async (token) => (await whoAsks({ tokenHash: tokens.hash("session", token) }, null))?.person ?? null,
  list: (person) =>
    registry.within({ personId: person.id }, (transaction) =>
      sessionRepository(transaction).openOf(person.id, clock.now()),
    ),
  revoke: async (person, sessionId) => {
    const ended = await registry.within({ personId: person.id }, (transaction) =>
      sessionRepository(transaction).revoke(sessionId, person.id, clock.now()),
    );
    if (ended === 0) throw notFound("This login");
  },
  revokeAll: (person) =>
    registry.within({ personId: person.id }, (transaction) =>
      sessionRepository(transaction).revokeAll(person.id, clock.now()),
    ),
});
