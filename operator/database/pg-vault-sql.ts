import { templateRoles, vaultDatabaseName, vaultLoginName } from "./names.ts";
import { setupLock } from "./pg-control.ts";
import { ownStates } from "./pg-errors.ts";
import { databaseMarker, loginMarker } from "./pg-observe-vaults.ts";
import { asMemberOf } from "./pg-sessions.ts";
import { identifier, identifiers, literal, together } from "./pg-text.ts";
import type { LoginSlot, VaultDatabaseSpec } from "./tenant-database.ts";
import { accessRole, otherSlot, slots, vaultSettings } from "./vault-plan.ts";

/** SQL of each effect on a vault's database. Several statements are one transaction: they hold together or not at all. */
const verifierOf = ({ verifier }: VaultDatabaseSpec): string => (typeof verifier === "string" ? verifier : verifier());

const limitOf = (spec: VaultDatabaseSpec): number => spec.connectionLimit ?? -1;

/** Capacity and the golden template are looked at under a lock, then the intent is on record before anything is made. */
const intent = (spec: VaultDatabaseSpec, capacity: number): string[] => [
  `SELECT pg_advisory_xact_lock(${setupLock + 1})`,
  `DO $intent$ BEGIN
     IF NOT EXISTS (SELECT FROM polyphony.golden WHERE database = ${literal(spec.golden)} AND state = 'ready') THEN
       RAISE EXCEPTION 'golden template is not ready' USING ERRCODE = '${ownStates.goldenMissing}'; END IF;
     IF NOT EXISTS (SELECT FROM polyphony.vault WHERE vault_id = ${literal(spec.vaultId)})
        AND (SELECT count(*) FROM polyphony.vault) >= ${Math.trunc(capacity)} THEN
       RAISE EXCEPTION 'capacity is used up' USING ERRCODE = '${ownStates.full}'; END IF;
   END $intent$`,
  `INSERT INTO polyphony.vault AS v (vault_id, database, template, golden)
   VALUES (${[spec.vaultId, vaultDatabaseName(spec.vaultId), spec.template, spec.golden].map(literal).join(", ")})
   ON CONFLICT (vault_id) DO UPDATE SET template = EXCLUDED.template, golden = EXCLUDED.golden WHERE v.opened_at IS NULL`,
];

const createRole = (spec: VaultDatabaseSpec, slot: LoginSlot): string[] => {
  const role = identifier(vaultLoginName(spec.vaultId, slot));
  const active = slot === spec.activeLogin;
  const passwordVersion = active ? spec.passwordVersion : null;
  return [
    `CREATE ROLE ${role} ${active ? `LOGIN PASSWORD ${literal(verifierOf(spec))}` : "NOLOGIN"} INHERIT CONNECTION LIMIT ${limitOf(spec)}`,
    `COMMENT ON ROLE ${role} IS ${literal(loginMarker({ vaultId: spec.vaultId, passwordVersion }))}`,
    `GRANT ${identifier(accessRole(spec))} TO ${role}`,
  ];
};

/** By their oids they are known again, whatever a hand does to names, comments and owners. */
const recordLogins = ({ vaultId }: VaultDatabaseSpec): string => {
  const names = slots.map((slot) => literal(vaultLoginName(vaultId, slot))).join(", ");
  return (
    `UPDATE polyphony.vault SET login_oids = ARRAY(SELECT oid FROM pg_roles WHERE rolname IN (${names})) ` +
    `WHERE vault_id = ${literal(vaultId)}`
  );
};

export const createRolesSql = (
  spec: VaultDatabaseSpec,
  missing: readonly LoginSlot[],
  capacity: number | null,
): string =>
  together([
    ...(capacity === null ? [] : intent(spec, capacity)),
    ...missing.flatMap((slot) => createRole(spec, slot)),
    recordLogins(spec),
  ]);

/** Closed until OpenDatabase: rights on a database are not copied, so PUBLIC might connect at first. */
export const createDatabaseSql = (spec: VaultDatabaseSpec): string =>
  `CREATE DATABASE ${identifier(vaultDatabaseName(spec.vaultId))} TEMPLATE ${identifier(spec.golden)} ` +
  `STRATEGY ${spec.strategy ?? "WAL_LOG"} ALLOW_CONNECTIONS false`;

/** Who may connect, the settings, and open; what PUBLIC or others may do is not in it. */
export const databaseAccess = ({ vaultId, template }: VaultDatabaseSpec): string[] => {
  const database = identifier(vaultDatabaseName(vaultId));
  const { owner, migrator } = templateRoles(template);
  const logins = slots.map((slot) => vaultLoginName(vaultId, slot));
  return [
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${identifiers([...logins, migrator])}`,
    `GRANT CREATE, TEMPORARY ON DATABASE ${database} TO ${identifier(owner)}`,
    `ALTER DATABASE ${database} RESET ALL`,
    ...vaultSettings.map((setting) => `ALTER DATABASE ${database} SET ${setting.replace("=", " = ")}`),
    `ALTER DATABASE ${database} ALLOW_CONNECTIONS true CONNECTION LIMIT -1 IS_TEMPLATE false`,
  ];
};

export const recordOpened = (vaultId: string): string =>
  `UPDATE polyphony.vault SET opened_at = now(),
          oid = (SELECT oid FROM pg_database WHERE datname = ${literal(vaultDatabaseName(vaultId))})
    WHERE vault_id = ${literal(vaultId)}`;

export const openDatabaseSql = (spec: VaultDatabaseSpec): string => {
  const { vaultId, template, golden } = spec;
  const name = vaultDatabaseName(vaultId);
  return together([
    `COMMENT ON DATABASE ${identifier(name)} IS ${literal(databaseMarker({ vaultId, template, golden }))}`,
    ...databaseAccess(spec),
    recordOpened(vaultId),
    `INSERT INTO polyphony.schema_version (database, schema_version, oldest_supported)
       SELECT ${literal(name)}, schema_version, oldest_supported FROM polyphony.golden WHERE database = ${literal(golden)}
     ON CONFLICT (database) DO UPDATE SET schema_version = EXCLUDED.schema_version,
       oldest_supported = EXCLUDED.oldest_supported, changed_at = now()`,
  ]);
};

/** What else than rights is wrong with a vault's database. */
export type OddDatabase = {
  /** Roles that may do something on it and should not. */
  strangers: readonly string[];
  /** The role that it belongs to instead of the operator's own. */
  owner: string | null;
  /** What its mark says. */
  golden: string;
};

/** The owner comes first: whoever owns a database decides all the rest. */
export const repairDatabaseSql = (spec: VaultDatabaseSpec, { strangers, owner, golden }: OddDatabase): string => {
  const { vaultId, template } = spec;
  const database = identifier(vaultDatabaseName(vaultId));
  const takeBack = [`ALTER DATABASE ${database} OWNER TO CURRENT_USER`];
  return together([
    ...(owner === null ? [] : asMemberOf([owner], takeBack)),
    `COMMENT ON DATABASE ${database} IS ${literal(databaseMarker({ vaultId, template, golden }))}`,
    ...strangers.map((role) => `REVOKE ALL ON DATABASE ${database} FROM ${identifier(role)} CASCADE`),
    ...databaseAccess(spec),
  ]);
};

const undo: Record<string, string> = { NOINHERIT: "INHERIT", "VALID UNTIL": "VALID UNTIL 'infinity'" };

/** Only what is odd is named: naming SUPERUSER or REPLICATION at all needs a superuser. */
export const repairRoleSql = (
  spec: VaultDatabaseSpec,
  slot: LoginSlot,
  odd: { oddAttributes: readonly string[]; members: readonly string[] },
  hasDatabase: boolean,
): string[] => {
  const role = identifier(vaultLoginName(spec.vaultId, slot));
  const marked = odd.oddAttributes.filter((attribute) => attribute !== "COMMENT");
  const attributes = marked.map((attribute) => undo[attribute] ?? `NO${attribute}`);
  return [
    `ALTER ROLE ${role} ${attributes.join(" ")} CONNECTION LIMIT ${limitOf(spec)}`,
    ...(marked.length < odd.oddAttributes.length
      ? [`COMMENT ON ROLE ${role} IS ${literal(loginMarker({ vaultId: spec.vaultId, passwordVersion: null }))}`]
      : []),
    `ALTER ROLE ${role} RESET ALL`,
    ...(hasDatabase ? [`ALTER ROLE ${role} IN DATABASE ${identifier(vaultDatabaseName(spec.vaultId))} RESET ALL`] : []),
    ...odd.members.map((member) => `REVOKE ${role} FROM ${identifier(member)} CASCADE`),
  ];
};

export const switchAccessSql = (spec: VaultDatabaseSpec, slot: LoginSlot, memberOf: readonly string[]): string[] => {
  const role = identifier(vaultLoginName(spec.vaultId, slot));
  const strangers = memberOf.filter((group) => group !== accessRole(spec)).map((group) => group.replace(/\*$/, ""));
  return [
    ...strangers.map((group) => `REVOKE ${identifier(group)} FROM ${role} CASCADE`),
    `GRANT ${identifier(accessRole(spec))} TO ${role}`,
  ];
};

export const setPasswordSql = (spec: VaultDatabaseSpec): string => {
  const { vaultId, passwordVersion, activeLogin } = spec;
  const role = identifier(vaultLoginName(vaultId, activeLogin));
  return together([
    `ALTER ROLE ${role} LOGIN PASSWORD ${literal(verifierOf(spec))}`,
    `COMMENT ON ROLE ${role} IS ${literal(loginMarker({ vaultId, passwordVersion }))}`,
  ]);
};

export const closeOtherLoginSql = ({ vaultId, activeLogin }: VaultDatabaseSpec): string => {
  const role = identifier(vaultLoginName(vaultId, otherSlot(activeLogin)));
  return together([
    `ALTER ROLE ${role} NOLOGIN PASSWORD NULL`,
    `COMMENT ON ROLE ${role} IS ${literal(loginMarker({ vaultId, passwordVersion: null }))}`,
  ]);
};

export const closeDatabaseSql = (vaultId: string, present: { roles: readonly string[]; database: boolean }): string =>
  together([
    ...present.roles.map((role) => `ALTER ROLE ${identifier(role)} NOLOGIN`),
    ...(present.database
      ? [`ALTER DATABASE ${identifier(vaultDatabaseName(vaultId))} ALLOW_CONNECTIONS false IS_TEMPLATE false`]
      : []),
  ]);

export const dropRolesSql = (vaultId: string): string => {
  const database = literal(vaultDatabaseName(vaultId));
  return together([
    `DROP ROLE IF EXISTS ${identifiers(slots.map((slot) => vaultLoginName(vaultId, slot)))}`,
    `DELETE FROM polyphony.schema_version WHERE database = ${database}`,
    `DELETE FROM polyphony.migration_run WHERE database = ${database}`,
    `DELETE FROM polyphony.size WHERE database = ${database}`,
    `DELETE FROM polyphony.usage_mark WHERE vault_id = ${literal(vaultId)}`,
    `DELETE FROM polyphony.vault WHERE vault_id = ${literal(vaultId)}`,
  ]);
};
