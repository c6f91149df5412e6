import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { Person } from "../http/call.ts";
import { personRepository } from "../people/person-repository.ts";

/** The person whose login (UUID of a session) goes on; null once it was ended or has expired. */
export type OngoingLogin = (sessionId: string) => Promise<Person | null>;

type Row = { id: string; person_id: string; last_seen_at: Date };

/** `last seen` is written at most this often. */
const seenEvery = "5 minutes";

export const ongoingLogin =
  (registry: RegistryDatabase, clock: Clock): OngoingLogin =>
  (sessionId) =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const session = await transaction<Row>("sessions")
        .where({ id: sessionId })
        .whereNull("revoked_at")
        .andWhere("expires_at", ">", now)
        .first();
      const person = session && (await personRepository(transaction).byId(session.person_id));
      if (!session || !person) return null;
      await transaction("sessions")
        .where({ id: sessionId })
        .andWhereRaw("last_seen_at < ?::timestamptz - ?::interval", [now, seenEvery])
        .update({ last_seen_at: now });
      const { id, email, name, locale, platformRole } = person;
      return { id, sessionId, email, name, locale, platformRole };
    });
