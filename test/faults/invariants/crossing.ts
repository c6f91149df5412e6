import { setTimeout as sleep } from "node:timers/promises";
import { vaultDatabaseName, vaultLoginName } from "../../../operator/database/names.ts";
import { findTenant } from "../operations/steps.ts";
import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import type { Finding } from "./finding.ts";

/** Looks all the time whether a role that has nothing to do with any vault may connect to one. */
export interface CrossingWatch {
  stop(): Promise<Finding[]>;
}

const everyMs = 40;

const openToStrangers = `
SELECT datname::text AS name FROM pg_database
 WHERE datname ~ '^(vault_|golden_|polyphony_)' AND datallowconn AND has_database_privilege('stranger', oid, 'CONNECT')`;

export const watchCrossing = ({ admin }: World): CrossingWatch => {
  const stop = new AbortController();
  const seen = new Set<string>();
  const watching = (async () => {
    while (!stop.signal.aborted) {
      // While PostgreSQL is away nobody may connect at all.
      const rows = await admin.run<{ name: string }>(openToStrangers).catch(() => []);
      for (const { name } of rows) seen.add(name);
      await sleep(everyMs);
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await watching;
      return [...seen].map((name) => ({ invariant: "I4", what: `any role could connect to ${name}` }));
    },
  };
};

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? (error as Error).message;

/** Tries what a vault's own login must not be able to do, and that it can do what it must. */
export const tryCrossing = async (world: World, subject: Subject, neighbour: Subject): Promise<Finding[]> => {
  const tenant = await findTenant(world, subject);
  const vaultId = tenant?.status?.vaultId;
  const versions = tenant?.status?.secretVersions;
  if (!tenant || !vaultId || !versions) return [];
  const user = vaultLoginName(vaultId, versions.databaseLogin);
  const password = world.secrets.derive(vaultId, "database-password", versions.database);
  const own = vaultDatabaseName(vaultId);
  const other = neighbour.vaults[0] ?? "";
  const findings: Finding[] = [];
  const attempt = (database: string, sql: string): Promise<string | null> =>
    world.admin.runAs(user, password, database, sql).then(() => null, codeOf);

  const works = await attempt(own, "SELECT count(*) FROM member");
  if (works !== null) findings.push({ invariant: "I6", what: `the vault's own login cannot read: ${works}` });
  const writes = await attempt(own, "INSERT INTO session (seen) VALUES ('x')");
  if (writes !== null) findings.push({ invariant: "I6", what: `the vault's own login cannot write: ${writes}` });
  const refused: [database: string, sql: string][] = [
    ...["postgres", "template1", "polyphony_control", vaultDatabaseName(other)].map((name): [string, string] => [
      name,
      "SELECT 1",
    ]),
    [own, `SET ROLE ${vaultLoginName(other, "a")}`],
    [own, "SET ROLE choir_owner"],
    [own, "CREATE TABLE planted (x int)"],
    [own, "ALTER TABLE member ADD COLUMN planted int"],
    [own, "SELECT lo_create(0)"],
  ];
  for (const [database, sql] of refused) {
    const code = await attempt(database, sql);
    if (code !== "42501")
      findings.push({ invariant: "I4", what: `${sql} in ${database} as ${user}: ${code ?? "allowed"}` });
  }
  return findings;
};
