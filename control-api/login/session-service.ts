import { type Clock, day, later, minute } from "../clock.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Circumstances, Person } from "../http/call.ts";
import { newId } from "../ids.ts";
import { type KnownPerson, personRepository } from "../people/person-repository.ts";
import type { Tokens } from "../tokens.ts";
import { type Session, sessionRepository } from "./session-repository.ts";

/** How long a login holds without being used, and at most. */
export const sessionLastsMs = 30 * day;

/** `last seen` is written at most this often, so that reading costs no write. */
const seenEveryMs = 5 * minute;

export interface SessionService {
  /** Within the transaction that spends whatever the person proved themselves by. Returns the cookie's value. */
  open(transaction: Transaction, person: KnownPerson, circumstances: Circumstances): Promise<string>;
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
}

export const createSessionService = ({ registry, tokens, clock }: SessionServiceDeps): SessionService => ({
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
  personOf: (token) =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const sessions = sessionRepository(transaction);
      const session = await sessions.openByToken(tokens.hash("session", token), now);
      const person = session && (await personRepository(transaction).byId(session.personId));
      if (!session || !person) return null;
      if (later(session.lastSeenAt, seenEveryMs) < now) await sessions.seen(session.id, now);
      const { id, email, name, locale, platformRole } = person;
      return { id, sessionId: session.id, email, name, locale, platformRole };
    }),
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
