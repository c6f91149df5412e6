import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";
import type { PendingRegistrationRow } from "./registration.ts";

type Row = {
  id: string;
  template: string;
  type: "umbrella" | "collective";
  slug: string;
  name: string;
  contact_name: string;
  contact_email: string;
  locale: Locale;
  umbrella_slug: string | null;
  affiliation_invitation: string | null;
  token_hash: string;
  created_at: Date;
  expires_at: Date;
  proven_at: Date | null;
  organization_id: string | null;
  invited_by: string | null;
};

const registrationOf = (row: Row): PendingRegistrationRow => ({
  id: row.id,
  template: row.template,
  type: row.type,
  slug: row.slug,
  name: row.name,
  contactName: row.contact_name,
  contactEmail: row.contact_email,
  locale: row.locale,
  umbrellaSlug: row.umbrella_slug,
  affiliationInvitation: row.affiliation_invitation,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  provenAt: row.proven_at,
  invitedBy: row.invited_by,
});

export const registrationRepository = (database: Knex) => {
  const table = () => database<Row>("registrations");
  return {
    add: async (registration: PendingRegistrationRow, tokenHash: string): Promise<void> => {
      await table().insert({
        id: registration.id,
        template: registration.template,
        type: registration.type,
        slug: registration.slug,
        name: registration.name,
        contact_name: registration.contactName,
        contact_email: registration.contactEmail,
        locale: registration.locale,
        umbrella_slug: registration.umbrellaSlug,
        affiliation_invitation: registration.affiliationInvitation,
        token_hash: tokenHash,
        created_at: registration.createdAt,
        expires_at: registration.expiresAt,
        invited_by: registration.invitedBy,
      });
    },
    byId: async (id: string): Promise<PendingRegistrationRow | null> => {
      const row = await table().where({ id }).first();
      return row ? registrationOf(row) : null;
    },
    /** The open one that somebody asked for in the very same words, if there is one. */
    same: async (asked: PendingRegistrationRow): Promise<PendingRegistrationRow | null> => {
      const words = {
        template: asked.template,
        type: asked.type,
        slug: asked.slug,
        name: asked.name,
        contact_name: asked.contactName,
        contact_email: asked.contactEmail,
        locale: asked.locale,
        umbrella_slug: asked.umbrellaSlug,
        affiliation_invitation: asked.affiliationInvitation,
        invited_by: asked.invitedBy,
        proven_at: null,
      };
      const row = await table().where(words).andWhere("expires_at", ">", asked.createdAt).first();
      return row ? registrationOf(row) : null;
    },
    /** Locked, so that two who follow one link come one after the other. */
    byToken: async (tokenHash: string): Promise<PendingRegistrationRow | null> => {
      const row = await table().where({ token_hash: tokenHash }).forUpdate().first();
      return row ? registrationOf(row) : null;
    },
    /** Those that still wait for their proof at `now`, newest first, with the name of who prepared them. */
    unproven: async (now: Date, { most, id }: { most: number; id?: string | undefined }) => {
      const query = database("registrations as r")
        .leftJoin("people as p", "p.id", "r.invited_by")
        .whereNull("r.proven_at")
        .andWhere("r.expires_at", ">", now)
        .orderBy("r.created_at", "desc")
        .limit(most);
      if (id !== undefined) void query.where("r.id", id);
      const rows = await query.select<(Row & { inviter: string | null })[]>("r.*", "p.name as inviter");
      return rows.map((row) => ({ registration: registrationOf(row), invitedBy: row.inviter }));
    },
    /** Takes an unproven one away and gives its slug back, which it returns; null when there is none. */
    cancel: (id: string): Promise<string | null> =>
      database.transaction(async (both) => {
        const [gone] = await both<Row>("registrations").where({ id }).whereNull("proven_at").delete().returning("slug");
        if (!gone) return null;
        await both("slugs").where({ holder: "registration", holder_id: id }).delete();
        return gone.slug;
      }),
    markProven: async (id: string, organizationId: string, at: Date): Promise<void> => {
      await table().where({ id }).update({ proven_at: at, organization_id: organizationId });
    },
  };
};
