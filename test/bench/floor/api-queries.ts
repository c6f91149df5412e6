/** What the floor and the peer of the API's benchmarks ask the registry: what the API needs to know, in as few queries as can be. */
export const apiQueries = {
  organization: `
    SELECT o.id, o.slug, o.type, o.name, o.legal_name, o.time_zone, o.contact_email, o.template, o.approval, o.version,
      o.created_at, m.role, s.plan, s.status, s.trial_ends_at, v.phase, v.url, v.message
    FROM sessions e
    JOIN organization_members m ON m.person_id = e.person_id
    JOIN organizations o ON o.id = m.organization_id AND o.closed_at IS NULL
    JOIN subscriptions s ON s.organization_id = o.id
    LEFT JOIN vaults v ON v.organization_id = o.id
    WHERE e.token_hash = $1 AND e.revoked_at IS NULL AND e.expires_at > now() AND o.slug = $2`,
  tenants: `
    SELECT o.id, o.slug, o.name, o.type, o.approval, o.template, o.created_at, s.plan,
      v.phase, v.reason, v.message, v.url, v.activity, v.current_step, v.observed_at
    FROM organizations o
    JOIN vaults v ON v.organization_id = o.id
    JOIN subscriptions s ON s.organization_id = o.id
    WHERE o.closed_at IS NULL AND EXISTS (SELECT FROM sessions e JOIN people p ON p.id = e.person_id
      WHERE e.token_hash = $1 AND e.revoked_at IS NULL AND e.expires_at > now() AND p.platform_role IS NOT NULL)
    ORDER BY o.created_at DESC, o.id DESC LIMIT 51`,
  claim: `
    INSERT INTO slugs (slug, folded, holder, holder_id, expires_at)
    VALUES ($2, $2, 'registration', $1, now() + interval '2 days')`,
  register: `
    INSERT INTO registrations (id, template, type, slug, name, contact_name, contact_email, locale, token_hash, created_at, expires_at)
    VALUES ($1, 'choir', $3, $2, $4, $5, $6, 'en', $7, now(), now() + interval '2 days')`,
  leaveMail: `
    INSERT INTO outbox (id, kind, subject, payload, created_at, due_at)
    VALUES ($1, 'mail', $2, '{"letter":"registration"}', now(), now())`,
} as const;

/** What a registration says. */
export interface NewRegistration {
  readonly type: string;
  readonly name: string;
  readonly slug: string;
  readonly contact: { readonly name: string; readonly email: string };
}
