import { type Clock, later, minute } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { Asking, Membership } from "../http/call.ts";
import type { Locale } from "../contract/fields.ts";
import type { Role } from "../contract/route-contract.ts";

/** By what a login is known: the UUID of its session, or the hash of its cookie. */
export type KnownBy = { readonly sessionId: string } | { readonly tokenHash: string };

/** Whose login goes on, and what they are in the organization of that slug; null once the login was ended or has expired. */
export type WhoAsks = (login: KnownBy, slug: string | null) => Promise<Asking | null>;

/** `last seen` is written at most this often, so that reading costs no write. */
const seenEveryMs = 5 * minute;

// Every request asks this first, so it is one query.
const asking = (column: "id" | "token_hash"): string => `
SELECT e.id AS session_id, e.last_seen_at, p.id, p.email, p.name, p.locale, p.platform_role, m.organization_id, m.role
FROM sessions e
JOIN people p ON p.id = e.person_id
LEFT JOIN organizations o ON o.slug = :slug AND o.closed_at IS NULL
LEFT JOIN organization_members m ON m.organization_id = o.id AND m.person_id = p.id
WHERE e.${column} = :login AND e.revoked_at IS NULL AND e.expires_at > :now`;

type Row = {
  session_id: string;
  last_seen_at: Date;
  id: string;
  email: string;
  name: string;
  locale: Locale;
  platform_role: "admin" | "support" | null;
  organization_id: string | null;
  role: Role | null;
};

const membershipOf = ({ organization_id, role }: Row, slug: string | null): Membership | null =>
  organization_id === null || role === null || slug === null ? null : { organizationId: organization_id, slug, role };

export const createWhoAsks =
  (registry: RegistryDatabase, clock: Clock): WhoAsks =>
  async (login, slug) => {
    const now = clock.now();
    const [sql, key] = "sessionId" in login ? [asking("id"), login.sessionId] : [asking("token_hash"), login.tokenHash];
    const { rows } = await registry.queryAsPlatform((database) =>
      database.raw<{ rows: Row[] }>(sql, { login: key, slug, now }),
    );
    const [row] = rows;
    if (!row) return null;
    const { session_id: sessionId, id, email, name, locale, platform_role: platformRole } = row;
    if (later(row.last_seen_at, seenEveryMs) < now) {
      await registry.queryAsPlatform((database) =>
        database("sessions").where({ id: sessionId }).update({ last_seen_at: now }),
      );
    }
    return { person: { id, sessionId, email, name, locale, platformRole }, membership: membershipOf(row, slug) };
  };
