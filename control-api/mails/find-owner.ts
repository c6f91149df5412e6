import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";

/** An owner as mails speak of them. UUID. */
export interface Owner {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly organization: string;
  readonly slug: string;
}

/** The oldest owner of an organization (UUID). */
export const findOwner = (database: Knex, organizationId: string): Promise<Owner | undefined> =>
  database("organizations as o")
    .join("organization_members as m", (on) => on.on("m.organization_id", "o.id").andOnVal("m.role", "owner"))
    .join("people as p", "p.id", "m.person_id")
    .where("o.id", organizationId)
    .orderBy([{ column: "m.created_at" }, { column: "p.id" }])
    .first<Owner | undefined>("p.id", "p.email", "p.name", "p.locale", "o.name as organization", "o.slug");
