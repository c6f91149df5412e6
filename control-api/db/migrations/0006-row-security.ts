import type { Migration } from "./migration.ts";
import { guarded, platformOnly, type RowRule } from "./row-guard.ts";

/** Who is asking, as the transaction's own settings say; null when they say nothing, and then no row fits. */
const functions = `
CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
  $$ SELECT nullif(current_setting('polyphony.organization_id', true), '')::uuid $$;
CREATE FUNCTION current_person() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
  $$ SELECT nullif(current_setting('polyphony.person_id', true), '')::uuid $$;
`;

const own = "organization_id = current_organization()";
const between = "umbrella_id = current_organization() OR collective_id = current_organization()";
const related = (table: string, other: string, mine: string): string =>
  `EXISTS (SELECT FROM ${table} x WHERE x.${mine} = current_organization() AND x.${other} = organizations.id)`;

/** What `registry_app` may see and write, table by table. `read` holds for what is there, `write` for what is to be. */
const rules: RowRule[] = [
  {
    table: "organizations",
    read: [
      "id = current_organization()",
      "EXISTS (SELECT FROM organization_members m WHERE m.organization_id = organizations.id AND m.person_id = current_person())",
      related("affiliations", "umbrella_id", "collective_id"),
      related("affiliations", "collective_id", "umbrella_id"),
      related("affiliation_requests", "umbrella_id", "collective_id"),
      related("affiliation_requests", "collective_id", "umbrella_id"),
    ].join(" OR "),
    write: "id = current_organization()",
  },
  { table: "organization_members", read: `${own} OR person_id = current_person()`, write: own },
  { table: "invitations", read: own, write: own },
  { table: "subscriptions", read: own, write: own },
  { table: "vaults", read: own, write: own },
  { table: "affiliations", read: between, write: between },
  { table: "affiliation_requests", read: between, write: between },
  {
    table: "affiliation_invitations",
    read: "umbrella_id = current_organization()",
    write: "umbrella_id = current_organization()",
  },
  { table: "affiliation_history", read: between, write: between, appendOnly: true },
  { table: "audit_log", read: own, write: own, appendOnly: true },
  {
    table: "people",
    read: `id = current_person() OR EXISTS (SELECT FROM organization_members m
      WHERE m.person_id = people.id AND m.organization_id = current_organization())`,
    write: "id = current_person()",
  },
  { table: "sessions", read: "person_id = current_person()", write: "person_id = current_person()" },
];

/** Only `registry_platform` sees these: nobody is logged in yet where they are used, or they belong to no one organization. */
const nobodys = ["login_links", "registrations", "slugs", "idempotency_keys"];

/** Anybody's change may leave work behind; only the worker, as the platform, reads it. */
const outbox = `${platformOnly("outbox")}
CREATE POLICY app_adds ON outbox FOR INSERT TO registry_app WITH CHECK (true);
GRANT INSERT ON outbox TO registry_app;`;

/** Row-level security, forced on every table: a query that forgets its filter finds nothing. */
export const rowSecurity: Migration = {
  name: "0006-row-security",
  sql: `${functions}
GRANT USAGE ON SCHEMA registry TO registry_app, registry_platform;
${rules.map(guarded).join("\n")}
${nobodys.map((table) => platformOnly(table)).join("\n")}
${outbox}
GRANT SELECT ON audit_heads TO registry_platform;
REVOKE ALL ON FUNCTION chain_audit_entry() FROM PUBLIC;`,
};
