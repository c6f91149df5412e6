import { observeCandidate, ownedThings, readCandidate } from "./pg-observe-candidate.ts";
import { templateRoles, vaultDatabaseName } from "./names.ts";
import { completeGrants, grantDefaultsSql } from "./pg-golden-steps.ts";
import type { PgLink, Query } from "./pg-link.ts";
import { databaseMarker, observeVault } from "./pg-observe-vaults.ts";
import { asMemberOf } from "./pg-sessions.ts";
import { identifier, identifiers, literal, together } from "./pg-text.ts";
import { createRolesSql, databaseAccess, recordOpened } from "./pg-vault-sql.ts";
import { createSemaphore } from "./semaphore.ts";
import type { EffectName, VaultDatabaseFacts, VaultDatabaseSpec } from "./tenant-database.ts";
import {
  type AdoptionSource,
  type CandidateFacts,
  refuseCandidate,
  refuseContents,
  type VaultAdoption,
} from "./vault-adoption.ts";
import type { SchemaFacts } from "./vault-migrations.ts";
import { slots } from "./vault-plan.ts";

/** Who may do what on a database, besides its owner. */
const grantees = async (session: Query, database: string): Promise<string[]> => {
  const { rows } = await session.query<{ name: string }>(
    `SELECT DISTINCT r.rolname AS name FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
      WHERE d.datname = $1 AND a.grantee <> d.datdba`,
    [database],
  );
  return rows.map(({ name }) => name);
};

/** The intent is on record, and from now on nobody but the operator may connect; in one transaction. */
const claim = async (
  session: Query,
  spec: VaultDatabaseSpec,
  { name, owner }: CandidateFacts,
  facts: VaultDatabaseFacts | null,
  capacity: number,
): Promise<void> => {
  const missing = slots.filter((slot) => !facts?.roles[slot]);
  const others = await grantees(session, name);
  const { rows } = await session.query<{ needed: boolean }>(
    "SELECT NOT pg_has_role(current_user, $1, 'MEMBER') AS needed",
    [owner],
  );
  const handOver = [`ALTER DATABASE ${identifier(name)} OWNER TO CURRENT_USER`];
  await session.query(
    together([
      createRolesSql(spec, missing, capacity),
      `UPDATE polyphony.vault SET adopted_from = ${literal(name)},
              adopted_oid = (SELECT oid FROM pg_database WHERE datname = ${literal(name)})
        WHERE vault_id = ${literal(spec.vaultId)} AND adopted_oid IS NULL`,
      ...(rows[0]?.needed ? asMemberOf([owner], handOver) : handOver),
      `REVOKE ALL ON DATABASE ${identifier(name)} FROM PUBLIC`,
      ...(others.length > 0 ? [`REVOKE ALL ON DATABASE ${identifier(name)} FROM ${identifiers(others)} CASCADE`] : []),
    ]),
  );
};

/** Every object to the template's owner, and every right that was given on them taken back; in one transaction. */
const takeObjectsSql = (template: string, become: readonly string[]): string => {
  const { owner } = templateRoles(template);
  const everyThing = `
    FOR thing IN SELECT * FROM (${ownedThings}) t WHERE t.owner <> ${literal(owner)}::regrole LOOP
      EXECUTE format('ALTER %s %s OWNER TO %I', thing.kind, thing.name, ${literal(owner)});
    END LOOP;`;
  const everyRight = `
    FOR given IN
      SELECT DISTINCT coalesce(quote_ident(r.rolname), 'PUBLIC') AS grantee
        FROM (SELECT relacl, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
              UNION ALL SELECT a.attacl, c.relowner FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                         WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL) x (acl, owner),
             aclexplode(x.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
       WHERE a.grantee <> x.owner LOOP
      EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %s CASCADE', given.grantee);
      EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM %s CASCADE', given.grantee);
    END LOOP;
    FOR given IN
      SELECT quote_ident(r.rolname) AS grantee FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee
       WHERE n.nspname = 'public' AND a.grantee <> n.nspowner LOOP
      EXECUTE format('REVOKE ALL ON SCHEMA public FROM %s CASCADE', given.grantee);
    END LOOP;`;
  // The owner must be allowed to make things in the schema before it is given any.
  const first = `GRANT USAGE, CREATE ON SCHEMA public TO ${identifier(owner)}`;
  const take = `DO $take$ DECLARE thing record; given record; BEGIN ${everyThing} ${everyRight} END $take$`;
  return together(asMemberOf([...become, owner], [first, take]));
};

const takeObjects = async (session: Query, template: string, source: AdoptionSource): Promise<void> => {
  const { become } = await readCandidate(session);
  await session.query(
    takeObjectsSql(
      template,
      become.filter((role) => role !== templateRoles(template).owner),
    ),
  );
  await session.query(grantDefaultsSql(template));
  await completeGrants(session, { template, writableWhenReadOnly: source.writableWhenReadOnly });
};

/** The vault's name, mark, rights and settings, and the record of its schema; in one transaction, or not at all. */
const adoptSql = (spec: VaultDatabaseSpec, from: string, schema: SchemaFacts): string => {
  const { vaultId, template, golden } = spec;
  const name = vaultDatabaseName(vaultId);
  return together([
    `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(name)}`,
    `COMMENT ON DATABASE ${identifier(name)} IS ${literal(databaseMarker({ vaultId, template, golden }))}`,
    ...databaseAccess(spec),
    recordOpened(vaultId),
    `INSERT INTO polyphony.schema_version (database, schema_version, oldest_supported)
       VALUES (${literal(name)}, ${schema.version}, ${schema.oldestSupported})
     ON CONFLICT (database) DO UPDATE SET schema_version = EXCLUDED.schema_version,
       oldest_supported = EXCLUDED.oldest_supported, changed_at = now()`,
  ]);
};

/** Taking databases over on a real server. */
export const createPgAdoption = (link: PgLink, capacity: number): VaultAdoption => {
  // Membership of the template's owner is the operator's own, so two adoptions would take it from each other.
  const taking = createSemaphore(1);
  return {
    async adopt(spec, source) {
      const { vaultId, template } = spec;
      const facts = await link.read((session) => observeVault(session, vaultId));
      if (facts?.database || facts?.lost) return [];
      const seen = await link.read((session) => observeCandidate(session, source.database, vaultId));
      const candidate = refuseCandidate(vaultId, source.database, seen, link.name);
      const schema = refuseContents(source, await link.readIn(candidate.name, readCandidate));
      await link.effect("ClaimDatabase", (session) => claim(session, spec, candidate, facts, capacity));
      await taking(() =>
        link.effectIn("TakeObjects", candidate.name, (session) => takeObjects(session, template, source)),
      );
      await link.effect("AdoptDatabase", async (session) => {
        await session.query(adoptSql(spec, candidate.name, schema));
      });
      const done: EffectName[] = ["ClaimDatabase", "TakeObjects", "AdoptDatabase"];
      return done;
    },
  };
};
