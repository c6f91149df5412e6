import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { templateRoles, vaultDatabaseName } from "../../operator/database/names.ts";
import type { DatabaseServer, GoldenSpec, VaultDatabaseSpec } from "../../operator/database/tenant-database.ts";
import { realCandidates } from "../contract/adoption-candidates.ts";
import { openRealPostgres, run, urlAt } from "../contract/real-postgres.ts";
import {
  aGolden,
  aVault,
  type ContractServer,
  migratorPassword,
  passwordOf,
  proofFor,
  soon,
} from "../contract/tenant-database-kit.ts";
import { started } from "../harness/started.ts";
import { countAttempts } from "../isolation/attempts.ts";

const count = countAttempts("D5", "code that a release plants in its database, for the operator to run by accident");

const adminUrl = started.adminUrl();
const operatorUrl = started.operatorUrl();
const operator = "polyphony_operator";

let world: ContractServer;
let server: DatabaseServer;
beforeAll(async () => {
  world = await openRealPostgres({ adminUrl, operatorUrl });
  server = (await world.start({ epoch: 21 })).server;
});
afterAll(async () => {
  await world.stop();
  count.finish();
});

/** Drops a golden template once the backends of closed sessions are gone, which takes a moment on a busy machine. */
const dropGolden = async (database: string): Promise<void> => {
  const open = "SELECT FROM pg_stat_activity WHERE datname = $1";
  while ((await run(adminUrl, open, [database])).length > 0) await sleep(20);
  await server.dropGolden(database);
};

/** A golden template in whose database the release has left this, and a vault copied from it. */
const withPlanted = async (sql: string, work: (vault: VaultDatabaseSpec, spec: GoldenSpec) => Promise<void>) => {
  const spec = aGolden();
  await server.createGoldenDraft(spec, soon());
  await world.migrate(spec, migratorPassword);
  await run(urlAt(operatorUrl, spec.database, templateRoles(spec.template).migrator, migratorPassword), sql);
  await server.finishGolden(spec);
  const vault = aVault(spec);
  await server.converge(vault);
  try {
    await work(vault, spec);
  } finally {
    await server.drop(vault.vaultId, proofFor(vault.vaultId));
    await dropGolden(spec.database);
  }
};

/**
 * Writes down who ran it: the default of an argument is computed by the caller. A sequence counts what the operator or
 * an administrator runs, as that stays even when the transaction is taken back. With its owner's rights it can do so for
 * anybody; a database to take over may hold no such function, there everybody has the rights.
 */
const teller = (rights: "SECURITY DEFINER" | "SECURITY INVOKER"): string => `
  CREATE TABLE planted (ran_as text, because text);
  GRANT INSERT ON planted TO PUBLIC;
  CREATE SEQUENCE public.higher;
  GRANT USAGE ON SEQUENCE public.higher TO PUBLIC;
  CREATE FUNCTION public.tell(because text, caller name DEFAULT current_user) RETURNS void ${rights} LANGUAGE plpgsql AS $$ BEGIN
    IF caller = '${operator}' OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = caller) THEN
      PERFORM nextval('public.higher');
    END IF;
    INSERT INTO public.planted VALUES (caller, because);
  END $$;
  GRANT EXECUTE ON FUNCTION public.tell(text, name) TO PUBLIC;`;

/** As whom it ran, beside these; and "a higher role" when such a one ran it at all, even for nothing. */
const ranAs = async (database: string, lower: string): Promise<string[]> => {
  const url = urlAt(adminUrl, database);
  const rows = await run<{ ran_as: string }>(url, "SELECT DISTINCT ran_as FROM public.planted WHERE ran_as <> $1", [
    lower,
  ]);
  const [higher] = await run<{ is_called: boolean }>(url, "SELECT is_called FROM public.higher");
  return [...rows.map(({ ran_as: role }) => role), ...(higher?.is_called ? ["a higher role"] : [])];
};

/** Functions that the operator's statements call, made again in the schema public with the same arguments. */
const shadowed: [name: string, args: string, returns: string][] = [
  ["current_setting", "text", "text"],
  ["set_config", "text, text, boolean", "text"],
  ["count", "", "bigint"],
  ["sum", "bigint", "numeric"],
  ["now", "", "timestamptz"],
  ["coalesce_", "text, text", "text"],
  ["array_agg", "text", "text[]"],
  ["has_database_privilege", "name, text", "boolean"],
  ["has_database_privilege", "name, oid, text", "boolean"],
  ["has_function_privilege", "name, oid, text", "boolean"],
  ["has_schema_privilege", "name, text, text", "boolean"],
  ["pg_has_role", "name, oid, text", "boolean"],
  ["pg_database_size", "oid", "bigint"],
  ["pg_terminate_backend", "integer", "boolean"],
  ["pg_backend_pid", "", "integer"],
  ["pg_get_userbyid", "oid", "name"],
  ["shobj_description", "oid, name", "text"],
  ["obj_description", "oid, name", "text"],
  ["format", "text, text", "text"],
  ["quote_ident", "text", "text"],
  ["quote_literal", "text", "text"],
  ["pg_advisory_xact_lock", "bigint", "void"],
  ["to_regclass", "text", "regclass"],
  ["aclexplode", "aclitem[]", "text"],
];

const shadow = ([name, args, returns]: (typeof shadowed)[number]): string => {
  const body = returns === "void" ? "" : "RETURN NULL;";
  return `CREATE FUNCTION public.${name}(${args}) RETURNS ${returns} LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.tell('${name}'); ${body} END $$;`;
};

const operators = ["=", "<>", "<", "||", "~", "+"].map(
  (sign, at) => `
  CREATE FUNCTION public.op_${at}(name, text) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.tell('operator ${sign}'); RETURN true; END $$;
  CREATE OPERATOR public.${sign} (LEFTARG = name, RIGHTARG = text, FUNCTION = public.op_${at});`,
);

const plants: [name: string, sql: string][] = [
  ["functions with the names of PostgreSQL's own", shadowed.map(shadow).join("\n")],
  ["operators for the types of the catalogs", operators.join("\n")],
  [
    "a trigger on every table",
    `CREATE FUNCTION public.trip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell('trigger'); RETURN NEW; END $$;
     CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON member FOR EACH STATEMENT EXECUTE FUNCTION public.trip();
     CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON schema_version FOR EACH STATEMENT EXECUTE FUNCTION public.trip()`,
  ],
  [
    "an index over a function, which maintenance computes",
    `CREATE FUNCTION public.indexed(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.tell('index'); RETURN $1; END $$;
     INSERT INTO member (name) VALUES ('someone'); CREATE INDEX ON member (public.indexed(name))`,
  ],
  [
    "a default and a generated column",
    `CREATE FUNCTION public.born() RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM public.tell('default'); RETURN 'x'; END $$;
     ALTER TABLE member ADD COLUMN born text DEFAULT public.born()`,
  ],
  [
    "a check on a type",
    `CREATE FUNCTION public.fine(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell('domain'); RETURN true; END $$;
     CREATE DOMAIN public.odd AS text CHECK (public.fine(VALUE)); ALTER TABLE member ADD COLUMN odd public.odd`,
  ],
  [
    "a function that runs as its owner",
    `CREATE FUNCTION public.own() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM public.tell('definer'); RETURN 1; END $$`,
  ],
];

describe("D5: what a release plants", () => {
  it.each(plants)("%s never runs as the operator, whatever the operator does with the vault", async (name, sql) => {
    await withPlanted(`${teller("SECURITY DEFINER")}\n${sql}`, async (vault, spec) => {
      await server.observeGolden(spec.database);
      await server.converge({ ...vault, access: "ReadOnly" });
      await server.converge(vault);
      await server.observe(vault.vaultId);
      await server.observeAll();
      await server.measure();
      await server.close(vault.vaultId);
      await server.converge(vault);
      const higher = await ranAs(vaultDatabaseName(vault.vaultId), templateRoles(spec.template).owner);
      for (const what of ["observe the template", "switch", "observe", "observe all", "measure", "close", "open"])
        count.tried(`${name} while it is to ${what}`, higher.length === 0);
      expect(higher).toEqual([]);
    });
  });

  /** Gives 1 when the statement made the function act as somebody else than the vault's login. */
  const climber = (statement: string): string => `
    CREATE FUNCTION public.climb() RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE before text := current_user;
    BEGIN
      BEGIN EXECUTE '${statement.replaceAll("'", "''")}'; EXCEPTION WHEN OTHERS THEN RETURN 0; END;
      RETURN CASE WHEN current_user = before THEN 0 ELSE 1 END;
    END $$;
    GRANT EXECUTE ON FUNCTION public.climb() TO PUBLIC;
    ALTER TABLE member RENAME TO real_member;
    CREATE VIEW public.member AS SELECT id, name, public.climb() AS climbed FROM real_member UNION ALL SELECT 0, '', public.climb();
    GRANT SELECT ON public.member TO choir_rw, choir_ro;`;

  it.each([
    "RESET ROLE",
    "SET ROLE NONE",
    `SET ROLE ${operator}`,
    "SET ROLE choir_owner",
    "SET ROLE choir_migrator",
    `SET SESSION AUTHORIZATION ${operator}`,
    "RESET SESSION AUTHORIZATION",
    "SELECT set_config('role', 'none', false)",
    `SELECT set_config('role', '${operator}', false)`,
    "SELECT set_config('session_authorization', 'postgres', false)",
  ])("cannot climb out of a meter by %s", async (statement) => {
    await withPlanted(climber(statement), async (vault) => {
      const meters = [{ name: "climbed", sql: "SELECT coalesce(sum(climbed), 0) FROM public.member" }];
      const used = await server.measureUsage(vault.vaultId, { slot: "a", password: passwordOf(1) }, meters);
      count.tried(`a meter that says ${statement}`, used.get("climbed") === 0);
      expect(used).toEqual(new Map([["climbed", 0]]));
    });
  });
});

describe("D5: what stands in a database that is taken over", () => {
  /** Makes a database that fits, in which its old application has left this, and lets the operator take it over. */
  const adopt = async (planted: string): Promise<{ database: string; reason: string; finish: () => Promise<void> }> => {
    const spec = aGolden();
    await server.createGoldenDraft(spec, soon());
    await world.migrate(spec, migratorPassword);
    await server.finishGolden(spec);
    const from = `old_${randomUUID().slice(0, 8)}`;
    await realCandidates({ adminUrl, operatorUrl }).candidate(from);
    await run(urlAt(operatorUrl, from, "old_application", "old"), planted);
    const vault = aVault(spec);
    const source = { database: from, release: spec.release, schemaVersion: 7, writableWhenReadOnly: ["sign_in"] };
    const reason = await server.adopt(vault, source).then(
      () => "adopted",
      (error: unknown) => (error as { reason?: string }).reason ?? String(error),
    );
    const database = reason === "adopted" ? vaultDatabaseName(vault.vaultId) : from;
    const finish = async (): Promise<void> => {
      if (reason === "adopted") await server.drop(vault.vaultId, proofFor(vault.vaultId));
      else await run(adminUrl, `DROP DATABASE ${from}`);
      await dropGolden(spec.database);
    };
    return { database, reason, finish };
  };

  const view = `${teller("SECURITY INVOKER")}
    CREATE FUNCTION public.told(integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell('view'); RETURN $1; END $$;
    ALTER TABLE schema_version RENAME TO hidden;
    CREATE VIEW schema_version AS SELECT only_row, public.told(version) AS version, 1 AS oldest_supported FROM hidden`;

  it.each([
    ...plants.map(([name, sql]) => [name, `${teller("SECURITY INVOKER")}\n${sql}`] as const),
    ["a view in the place of schema_version", view] as const,
    [
      "a policy on schema_version",
      `${teller("SECURITY INVOKER")}
       CREATE FUNCTION public.let() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell('policy'); RETURN true; END $$;
       ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY; ALTER TABLE schema_version FORCE ROW LEVEL SECURITY;
       CREATE POLICY p ON schema_version USING (public.let())`,
    ] as const,
  ])("%s never runs as the operator while it looks and takes over", async (name, planted) => {
    const { database, reason, finish } = await adopt(planted);
    try {
      const higher = await ranAs(database, "old_application");
      count.tried(`${name} in a database that is ${reason}`, higher.length === 0);
      expect([higher, reason]).toEqual([[], expect.stringMatching(/^(adopted|AdoptionRefused\w+)$/)]);
    } finally {
      await finish();
    }
  });
});

describe("D5: the traps themselves", () => {
  it("tell when the operator does run them, also in a transaction that is taken back", async () => {
    await withPlanted(teller("SECURITY DEFINER"), async (vault, spec) => {
      const database = vaultDatabaseName(vault.vaultId);
      const asOperator = urlAt(operatorUrl, database, operator, decodeURIComponent(new URL(operatorUrl).password));
      await run(asOperator, "BEGIN; SELECT public.tell('by hand'); ROLLBACK");
      expect(await ranAs(database, templateRoles(spec.template).owner)).toEqual(["a higher role"]);
    });
  });
});
