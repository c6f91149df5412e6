import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { templateRoles, vaultDatabaseName } from "../../operator/database/names.ts";
import type { DatabaseServer, GoldenSpec, VaultDatabaseSpec } from "../../operator/database/tenant-database.ts";
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
import { countAttempts } from "../isolation/attempts.ts";

jest.setTimeout(60_000);

const count = countAttempts("D5", "code that a release plants in its database, for the operator to run by accident");

const adminUrl = process.env["POLYPHONY_TEST_PG_ADMIN_URL"] ?? "";
const operatorUrl = process.env["POLYPHONY_TEST_PG_OPERATOR_URL"] ?? "";
const operator = "polyphony_operator";

let world: ContractServer;
let server: DatabaseServer;
beforeAll(async () => {
  world = await openRealPostgres({ adminUrl, operatorUrl });
  server = (await world.start({ epoch: 21 })).server;
}, 60_000);
afterAll(async () => {
  await world.stop();
  count.finish();
});

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
    await server.dropGolden(spec.database);
  }
};

/** Writes down as whom it runs. */
const teller = `
  CREATE TABLE planted (ran_as text, because text);
  GRANT INSERT ON planted TO PUBLIC;
  CREATE FUNCTION public.tell(because text) RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO public.planted VALUES (current_user, because); END $$;`;

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
    await withPlanted(`${teller}\n${sql}`, async (vault, spec) => {
      await server.observeGolden(spec.database);
      await server.converge({ ...vault, access: "ReadOnly" });
      await server.converge(vault);
      await server.observe(vault.vaultId);
      await server.observeAll();
      await server.measure();
      await server.close(vault.vaultId);
      await server.converge(vault);
      const rows = await run<{ ran_as: string }>(
        urlAt(adminUrl, vaultDatabaseName(vault.vaultId)),
        "SELECT DISTINCT ran_as FROM public.planted",
      );
      const higher = rows.filter(({ ran_as: role }) => ![templateRoles(spec.template).owner].includes(role));
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
