import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";
import type { InvitationView } from "../contract/members.ts";
import type { Role } from "../contract/route-contract.ts";

/** UUIDs. */
export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly organization: { readonly slug: string; readonly name: string };
  readonly email: string;
  /** The organization's. */
  readonly locale: Locale;
  readonly role: Role;
  /** The name of who invited. */
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewInvitation {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly role: Role;
  /** UUID of the person. */
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

type Row = {
  id: string;
  organization_id: string;
  slug: string;
  organization_name: string;
  email: string;
  locale: Locale;
  role: Role;
  inviter: string | null;
  created_at: Date;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
};

/** Where an invitation stands at `now`. Pure. */
export const invitationState = (
  { acceptedAt, revokedAt, expiresAt }: Pick<Invitation, "acceptedAt" | "revokedAt" | "expiresAt">,
  now: Date,
): InvitationView["state"] => {
  if (acceptedAt) return "accepted";
  if (revokedAt) return "revoked";
  return expiresAt <= now ? "expired" : "open";
};

const invitationOf = (row: Row): Invitation => ({
  id: row.id,
  organizationId: row.organization_id,
  organization: { slug: row.slug, name: row.organization_name },
  email: row.email,
  locale: row.locale,
  role: row.role,
  invitedBy: row.inviter,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  acceptedAt: row.accepted_at,
  revokedAt: row.revoked_at,
});

const rows = (database: Knex) =>
  database("invitations as i")
    .join("organizations as o", "o.id", "i.organization_id")
    .leftJoin("people as p", "p.id", "i.invited_by")
    .select<Row[]>("i.*", "o.slug", "o.locale", "o.name as organization_name", "p.name as inviter");

export const invitationRepository = (database: Knex) => {
  const table = () => database("invitations");
  const first = async (where: object): Promise<Invitation | null> => {
    const [row] = await rows(database).where(where);
    return row ? invitationOf(row) : null;
  };
  return {
    list: async (organizationId: string): Promise<Invitation[]> =>
      (await rows(database).where("i.organization_id", organizationId).orderBy("i.created_at", "desc").limit(200)).map(
        invitationOf,
      ),
    byId: (id: string) => first({ "i.id": id }),
    /** Locked, so that two who follow one link come one after the other. */
    byToken: async (tokenHash: string): Promise<Invitation | null> => {
      await table().where({ token_hash: tokenHash }).forUpdate().select("id");
      return first({ "i.token_hash": tokenHash });
    },
    add: async (invitation: NewInvitation, tokenHash: string): Promise<void> => {
      await table().insert({
        id: invitation.id,
        organization_id: invitation.organizationId,
        email: invitation.email,
        role: invitation.role,
        token_hash: tokenHash,
        invited_by: invitation.invitedBy,
        created_at: invitation.createdAt,
        expires_at: invitation.expiresAt,
      });
    },
    revokeOpen: async (organizationId: string, email: string, at: Date): Promise<void> => {
      await table()
        .where({ organization_id: organizationId })
        .whereRaw("lower(email) = lower(?)", [email])
        .whereNull("accepted_at")
        .whereNull("revoked_at")
        .update({ revoked_at: at });
    },
    /** False when there is no such invitation that is open. */
    revoke: async (organizationId: string, id: string, at: Date): Promise<boolean> =>
      (await table()
        .where({ id, organization_id: organizationId })
        .whereNull("accepted_at")
        .whereNull("revoked_at")
        .update({ revoked_at: at })) === 1,
    markAccepted: async (id: string, at: Date): Promise<void> => {
      await table().where({ id }).update({ accepted_at: at });
    },
  };
};
