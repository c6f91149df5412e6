import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kinds } from "../../kube/kinds.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { migrateDatabase } from "../../vault-template/db/migrate-database.ts";
import { steps } from "../../vault-template/db/migrations/steps.ts";
import { adminUrl, fromHere, runSql } from "./support/admin-database.ts";
import { openDemo, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import {
  conditionOf,
  createTenants,
  isReady,
  randomSlug,
  tenantManifest,
  vaultIdOf,
  vaultNamespace,
  type Tenants,
} from "./support/tenants.ts";

jest.setTimeout(300_000);

const minute = { withinMs: 60_000 };
const slug = randomSlug("drift");

let demo: Demo;
let tenants: Tenants;
let namespace: string;
let vaultId: string;

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  await tenants.apply(tenantManifest(slug));
  const tenant = await tenants.ready(slug);
  namespace = vaultNamespace(tenant);
  vaultId = vaultIdOf(tenant);
});

afterAll(async () => {
  await tenants.removeAll();
  demo.close();
});

const kubectl = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await demo.kubectl(args);
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return stdout;
};

/** What people were told about the Tenant, once it begins like this. */
const told = (beginning: string): Promise<string> =>
  eventually(
    `an Event "${beginning}…"`,
    async () => {
      const events = await demo.kube.list(kinds.event, { namespace: "default" });
      const ours = events.filter(({ regarding, reason }) => regarding?.name === slug && reason === "DriftCorrected");
      return ours.map(({ note }) => note ?? "").find((note) => note.startsWith(beginning));
    },
    minute,
  );

describe("K3, fault 32: what a hand changes on the demo", () => {
  it("a Deployment that kubectl scaled to nothing is back, and an Event says so", async () => {
    await kubectl("-n", namespace, "scale", "deployment/vault", "--replicas=0");
    // To nothing, the API server records no writer.
    expect(await told("Deployment vault")).toBe("Deployment vault: spec.replicas was changed; put back.");
    expect((await demo.kube.get(kinds.deployment, { name: "vault", namespace })).spec?.replicas).toBe(1);
  });

  it("a quota that kubectl raised is back, and the Event names kubectl", async () => {
    const raised = JSON.stringify({ spec: { hard: { pods: "100" } } });
    await kubectl("-n", namespace, "patch", "resourcequota", "vault", "--type=merge", "--patch", raised);
    expect(await told("ResourceQuota vault")).toBe(
      "ResourceQuota vault: spec.hard.pods was changed by kubectl-patch; put back.",
    );
  });

  it("a Secret that was deleted comes back with the same content", async () => {
    const before = await demo.kube.get(kinds.secret, { name: "vault", namespace });
    await kubectl("-n", namespace, "delete", "secret", "vault");
    expect(await told("Secret vault")).toBe("Secret vault: was deleted; made again.");
    expect((await demo.kube.get(kinds.secret, { name: "vault", namespace })).data).toEqual(before.data);
  });

  it("pod security of the namespace is put back", async () => {
    await kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite");
    await told(`Namespace ${namespace}`);
    const { metadata } = await demo.kube.get(kinds.namespace, { name: namespace });
    expect(metadata?.labels?.["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  });

  it("rights on the database and of its login are put back within a minute", async () => {
    const [database, login] = [vaultDatabaseName(vaultId), vaultLoginName(vaultId, "a")];
    const admin = await adminUrl(demo);
    await runSql(admin, `GRANT CONNECT ON DATABASE ${database} TO PUBLIC`);
    await runSql(admin, `ALTER ROLE ${login} CREATEDB`);
    expect(await told("Database vault")).toBe(`Database ${database}: PUBLIC was granted CONNECT; put back.`);
    expect(await told("DatabaseLogin vault")).toBe(`DatabaseLogin ${login}: it was given CREATEDB; put back.`);
    const rights =
      "SELECT has_database_privilege('public', $1, 'CONNECT') AS open, (SELECT rolcreatedb FROM pg_roles WHERE rolname = $2) AS more";
    expect(await runSql(admin, rights, [database, login])).toEqual([{ open: false, more: false }]);
  });
});

describe("K11: a database that is there becomes a vault's", () => {
  const adopted = randomSlug("adopt");
  const old = adopted.replaceAll("-", "_");
  const password = "old";
  const oldUrl = async (): Promise<string> =>
    Object.assign(new URL(fromHere(await adminUrl(demo), old)), { username: old, password }).href;

  beforeAll(async () => {
    const admin = await adminUrl(demo);
    await runSql(admin, `CREATE ROLE ${old} LOGIN PASSWORD '${password}'`);
    await runSql(admin, `CREATE DATABASE ${old} OWNER ${old}`);
  });
  afterAll(async () => {
    await tenants.remove(adopted);
    const admin = await adminUrl(demo);
    await runSql(admin, `DROP DATABASE IF EXISTS ${old} WITH (FORCE)`);
    await runSql(admin, `DROP ROLE ${old}`);
  });

  it("is refused while its schema is unknown, and taken over when it fits, with all that is in it", async () => {
    const { schemaVersion } = (await tenants.get(slug)).status?.release ?? { schemaVersion: 0 };
    const manifest = tenantManifest(adopted, { databaseServer: "default", adoptDatabase: { name: old } });
    await tenants.apply(manifest);
    const refused = await tenants.until(
      adopted,
      "is refused",
      (tenant) => conditionOf(tenant, "DatabaseReady")?.reason === "AdoptionRefusedSchema",
    );
    expect(refused.status?.message).toContain("no table public.schema_version");
    expect(await demo.kube.list(kinds.namespace, { labelSelector: `polyphony.dev/tenant=${adopted}` })).toEqual([]);
    await migrateDatabase(
      { url: await oldUrl() },
      {
        migrations: steps.slice(0, schemaVersion),
        lockTimeoutMs: 1_000,
        statementTimeoutMs: 60_000,
      },
    );
    await runSql(
      await oldUrl(),
      "CREATE TABLE songbook (title text); INSERT INTO songbook SELECT 'song ' || n FROM generate_series(1, 100) n",
    );
    const tenant = await tenants.until(adopted, "is Ready", isReady);
    const inside = await adminUrl(demo, vaultDatabaseName(vaultIdOf(tenant)));
    expect(await runSql(inside, "SELECT count(*)::int AS songs FROM songbook")).toEqual([{ songs: 100 }]);
    expect(await runSql(inside, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")).toEqual([
      { tableowner: "choir_owner" },
    ]);
  });
});
