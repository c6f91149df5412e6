import { ForeignObjectError } from "./errors.ts";
import { templateRoles } from "./names.ts";
import { setupLock } from "./pg-control.ts";
import type { Query } from "./pg-link.ts";
import { asMemberOf, endSessions } from "./pg-sessions.ts";
import { identifier, literal, together } from "./pg-text.ts";
import type { MigratorLogin } from "./tenant-database.ts";

const marker = (template: string): string => JSON.stringify({ polyphony: "template-role", template });

/** The four roles of a template, made once per server; a role of the same name without our mark stops it. */
export const createTemplateRoles = async (session: Query, template: string, server: string): Promise<void> => {
  await session.query("BEGIN");
  await session.query(`SELECT pg_advisory_xact_lock(${setupLock})`);
  const roles = templateRoles(template);
  const { rows } = await session.query<{ name: string; ours: boolean }>(
    `SELECT rolname AS name, coalesce(shobj_description(oid, 'pg_authid') = $2, false) AS ours
       FROM pg_roles WHERE rolname = ANY ($1)`,
    [Object.values(roles), marker(template)],
  );
  const foreign = rows.find(({ ours }) => !ours);
  if (foreign) throw new ForeignObjectError("role", foreign.name, server);
  const missing = Object.values<string>({ ...roles }).filter((role) => !rows.some(({ name }) => name === role));
  const statements = missing.flatMap((role) => [
    `CREATE ROLE ${identifier(role)} NOLOGIN INHERIT`,
    `COMMENT ON ROLE ${identifier(role)} IS ${literal(marker(template))}`,
  ]);
  // All that a migration makes belongs to the owner, not to the login that ran it.
  const migrator = [
    `GRANT ${identifier(roles.owner)} TO ${identifier(roles.migrator)}`,
    ...asMemberOf([roles.owner], [`ALTER ROLE ${identifier(roles.migrator)} SET role = ${identifier(roles.owner)}`]),
  ];
  // Which schema a database has, the operator reads as any reader does: a membership for each look would be a write.
  const reader = `GRANT ${identifier(roles.ro)} TO CURRENT_USER`;
  await session.query(together([...statements, ...migrator, reader]));
  await session.query("COMMIT");
};

export const enableMigratorSql = (template: string, { verifier, validUntil }: MigratorLogin): string =>
  `ALTER ROLE ${identifier(templateRoles(template).migrator)} LOGIN PASSWORD ${literal(verifier)} ` +
  `VALID UNTIL ${literal(validUntil.toISOString())}`;

/** Says whether it did something: not while another run needs the login, and not when it is closed already. */
export const disableMigrator = async (session: Query, template: string): Promise<boolean> => {
  const { migrator } = templateRoles(template);
  const { rows } = await session.query(
    `SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin
        AND NOT EXISTS (SELECT FROM polyphony.golden WHERE template = $2 AND state = 'migrating')
        AND NOT EXISTS (SELECT FROM polyphony.migrating WHERE template = $2)`,
    [migrator, template],
  );
  if (rows.length === 0) return false;
  await session.query(`ALTER ROLE ${identifier(migrator)} NOLOGIN PASSWORD NULL VALID UNTIL 'infinity'`);
  await endSessions(session, [migrator]);
  return true;
};
