import { newId, publicId } from "../../../control-api/ids.ts";
import { type Ground, invite, register } from "./scene-ground.ts";

/** More of what a route uses up: one each time, and its public id. */
export const freshThings = (ground: Ground) => {
  const { people, slugs, sql } = ground;
  let count = 0;
  const next = (): string => `fresh${String((count += 1))}`;
  return {
    freshMember: async () => {
      const id = await people.add(next());
      await sql(
        `INSERT INTO organization_members (organization_id, person_id, role, created_at)
         SELECT id, ?::uuid, 'viewer', now() FROM organizations WHERE slug = ?`,
        id,
        slugs.collective,
      );
      return publicId("person", id);
    },
    freshInvitation: () => invite(ground, "owner", slugs.collective, next()),
    freshRegistration: () => register(ground, next()),
    freshWork: async () => {
      const id = newId();
      await sql(
        `INSERT INTO outbox (id, kind, subject, payload, created_at, due_at, dead_at, attempts, last_error)
         VALUES (?::uuid, 'mail', ?::uuid, '{"letter":"welcome"}', now(), now(), now(), 300, 'no')`,
        id,
        newId(),
      );
      return publicId("job", id);
    },
  };
};
