import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { newId } from "../../control-api/ids.ts";
import { migrate } from "../../control-api/db/migrate.ts";
import { openRegistry, type RegistryDatabase } from "../../control-api/db/registry-database.ts";
import { aRegistry, type RegistryUrlsOfAll } from "../builders/a-registry.ts";
import { run } from "../contract/real-postgres.ts";
import { started } from "../harness/started.ts";
import { countAttempts } from "../isolation/attempts.ts";

const catalog = countAttempts("D2", "tables, policies, accounts and functions of the registry that guard no rows");
const pool = countAttempts("D3", "requests of two organizations in turn on two connections, some broken off");

let accounts: RegistryUrlsOfAll;
let registry: RegistryDatabase;
const [a, b, ann, ben] = [newId(), newId(), newId(), newId()];

const seed = async (id: string, person: string, slug: string): Promise<void> => {
  const now = new Date();
  await registry.asPlatform(async (transaction) => {
    await transaction("people").insert({
      id: person,
      email: `${slug}@x.example`,
      email_key: `${slug}@x.example`,
      name: slug,
      created_at: now,
    });
    await transaction("slugs").insert({ slug, folded: slug, holder: "organization", holder_id: id });
    const organization = {
      id,
      type: "collective",
      slug,
      name: `canary of ${slug}`,
      contact_email: `${slug}@x.example`,
      template: "choir",
      created_at: now,
    };
    await transaction("organizations").insert(organization);
    await transaction("organization_members").insert({
      organization_id: id,
      person_id: person,
      role: "owner",
      created_at: now,
    });
    await transaction("subscriptions").insert({
      organization_id: id,
      plan: "trial",
      status: "trialing",
      created_at: now,
    });
    await transaction("vaults").insert({
      id: newId(),
      organization_id: id,
      tenant: slug,
      template: "choir",
      created_at: now,
    });
  });
};

beforeAll(async () => {
  accounts = await aRegistry(started.adminUrl());
  // Two connections only: what one transaction leaves behind, another would find.
  registry = openRegistry(accounts, { max: 2 });
  const suffix = randomBytes(3).toString("hex");
  await seed(a, ann, `aa${suffix}`);
  await seed(b, ben, `bb${suffix}`);
});

afterAll(async () => {
  await registry.close();
  catalog.finish();
  pool.finish();
});

type Table = { name: string; forced: boolean; enabled: boolean; policies: number; owner: string };

/** What belongs to no organization and no person, and why it is not guarded row by row. */
const unguarded: Record<string, string> = {
  migrations: "knex's own list of steps",
  migrations_lock: "knex's own lock",
  audit_heads: "hashes only; no account but the owner's trigger writes it",
};

const ask = <Row extends object>(sql: string): Promise<Row[]> => run<Row>(accounts.owner, sql);

describe("D2: the catalog of the registry", () => {
  it("forces row-level security on every table; a new one without it is found here", async () => {
    const tables = await ask<Table>(
      `SELECT c.relname AS name, c.relforcerowsecurity AS forced, c.relrowsecurity AS enabled,
         (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies, pg_get_userbyid(c.relowner) AS owner
       FROM pg_class c WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p')`,
    );
    const guarded = tables.filter(({ name }) => !(name in unguarded));
    expect(guarded.length).toBeGreaterThan(14);
    for (const { name, forced, enabled, policies, owner } of guarded) {
      catalog.tried(name, enabled && forced && policies > 0 && owner === "registry_owner");
      expect([name, enabled, forced, policies > 0, owner]).toEqual([name, true, true, true, "registry_owner"]);
    }
  });

  it("has policies that check what is written as well as what is read", async () => {
    const unchecked = await ask(
      `SELECT polrelid::regclass || ' ' || polname AS policy FROM pg_policy
       WHERE (polcmd IN ('a', 'w', '*') AND polwithcheck IS NULL) OR (polcmd IN ('r', 'w', 'd', '*') AND polqual IS NULL)`,
    );
    catalog.tried("policies without a check", unchecked.length === 0);
    expect(unchecked).toEqual([]);
  });

  it("has no view that reads with the rights of its owner, and gives nobody else anything", async () => {
    const views = `SELECT relname FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relkind IN ('v', 'm')
      AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)`;
    const open = `SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.relnamespace = 'registry'::regnamespace AND a.grantee <> ALL (ARRAY[
        'registry_owner'::regrole::oid, 'registry_app'::regrole::oid, 'registry_platform'::regrole::oid])`;
    for (const query of [views, open]) {
      const found = await ask(query);
      catalog.tried(query, found.length === 0);
      expect(found).toEqual([]);
    }
  });

  it("shows the application no token, no key and no work by a right of any kind", async () => {
    const readable = await ask<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind = 'r'
         AND has_table_privilege('registry_app', c.oid, 'SELECT') ORDER BY 1`,
    );
    const names = readable.map(({ name }) => name);
    for (const secret of ["login_links", "registrations", "outbox", "idempotency_keys", "oidc_keys", "slugs"]) {
      catalog.tried(`registry_app reads ${secret}`, !names.includes(secret));
      expect(names).not.toContain(secret);
    }
  });

  it("gives its accounts no way around: no superuser, no BYPASSRLS, member of nothing, and pinned definer functions", async () => {
    const mighty =
      "SELECT rolname FROM pg_roles WHERE rolname LIKE 'registry\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)";
    expect(await ask(mighty)).toEqual([]);
    const members = `SELECT roleid::regrole FROM pg_auth_members
      WHERE member IN ('registry_app'::regrole, 'registry_platform'::regrole)`;
    expect(await ask(members)).toEqual([]);
    const definers = `SELECT proname FROM pg_proc WHERE pronamespace = 'registry'::regnamespace AND prosecdef
      AND NOT coalesce(array_to_string(proconfig, ','), '') LIKE 'search_path=%'`;
    expect(await ask(definers)).toEqual([]);
  });

  it("has a list of what is left out that is no longer than it must be", async () => {
    const left = await ask<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relkind = 'r' AND NOT relrowsecurity",
    );
    expect(left.map(({ name }) => name).sort()).toEqual(Object.keys(unguarded).sort());
  });

  it("is at its newest schema however often it is migrated, also by several at once", async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(accounts.owner)))).toEqual([[], [], []]);
  });
});

const readers = [
  "organizations",
  "organization_members",
  "subscriptions",
  "vaults",
  "people",
  "audit_log",
  "invitations",
];

describe("I7, D1: one organization sees itself only", () => {
  it("and nothing at all when nobody said who is asking", async () => {
    for (const table of readers) {
      const rows = await registry.within({}, (transaction) => transaction(table).select());
      expect([table, rows.length]).toEqual([table, 0]);
    }
  });

  it("writes nothing in another's name", async () => {
    const as = (work: Parameters<RegistryDatabase["within"]>[1]) =>
      registry.within({ organizationId: a, personId: ann }, work);
    const member = { organization_id: b, person_id: ann, role: "owner", created_at: new Date() };
    await expect(as((transaction) => transaction("organization_members").insert(member))).rejects.toMatchObject({
      code: "42501",
    });
    expect(await as((transaction) => transaction("organizations").where({ id: b }).update({ name: "taken" }))).toBe(0);
    expect(await as((transaction) => transaction("vaults").where({ organization_id: b }).delete())).toBe(0);
    await expect(
      as((transaction) => transaction("vaults").where({ organization_id: a }).update({ organization_id: b })),
    ).rejects.toMatchObject({ code: "42501" });
  });

  it.each(["login_links", "registrations", "slugs", "idempotency_keys", "outbox"])("reads no %s", async (table) => {
    await expect(
      registry.within({ organizationId: a }, (transaction) => transaction(table).select()),
    ).rejects.toMatchObject({ code: "42501" });
  });

  it("cannot take on another role or switch the guard off", async () => {
    for (const command of [
      "SET ROLE registry_platform",
      "SET ROLE registry_owner",
      "ALTER TABLE organizations DISABLE ROW LEVEL SECURITY",
    ]) {
      await expect(
        registry.within({ organizationId: a }, (transaction) => transaction.raw(command)),
      ).rejects.toMatchObject({ code: "42501" });
    }
    await expect(
      registry.within({ organizationId: a }, async (transaction) => {
        await transaction.raw("SET LOCAL row_security = off");
        return transaction("organizations").select();
      }),
    ).rejects.toMatchObject({ code: "42501" });
  });
});

describe("D3: two connections shared by two organizations", () => {
  const nameSeenBy = (organizationId: string) =>
    registry.within({ organizationId }, async (transaction) => {
      const rows = await transaction("organizations").select<{ id: string }[]>("id");
      return rows.map(({ id }) => id);
    });

  it("a thousand interleaved requests, some of them broken off, each see their own", async () => {
    let crossed = 0;
    let broken = 0;
    const one = async (index: number): Promise<void> => {
      const mine = index % 2 === 0 ? a : b;
      if (index % 10 === 3) {
        const failing = registry.within({ organizationId: mine }, (transaction) => transaction.raw("SELECT 1 / 0"));
        await failing.catch(() => (broken += 1));
        return;
      }
      if (index % 10 === 7) {
        const failing = registry.within({ organizationId: mine }, async (transaction) => {
          await transaction.raw("SET LOCAL statement_timeout = 1");
          await transaction.raw("SELECT pg_sleep(1)");
        });
        await failing.catch(() => (broken += 1));
        return;
      }
      const seen = await nameSeenBy(mine);
      pool.tried(`request ${String(index)}`, seen.length === 1 && seen[0] === mine);
      if (seen.length !== 1 || seen[0] !== mine) crossed += 1;
    };
    const queue = Array.from({ length: 1000 }, (_, index) => index);
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) await one(next);
      }),
    );
    expect([crossed, broken]).toEqual([0, 200]);
    expect(await registry.within({}, (transaction) => transaction("organizations").select())).toEqual([]);
  });
});
