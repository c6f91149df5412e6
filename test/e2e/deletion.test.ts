import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { RetainedVault } from "../../crds/index.ts";
import { localHttp } from "../../demo/local-http.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { vaultDatabaseName } from "../../operator/database/names.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { adminUrl, runSql, vaultCatalog } from "./support/admin-database.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import {
  conditionOf,
  createTenants,
  leftovers,
  randomSlug,
  tenantManifest,
  vaultIdOf,
  type Tenants,
} from "./support/tenants.ts";

jest.setTimeout(300_000);

const retainedKind = typed<RetainedVault>(kinds.retainedVault);
const slug = randomSlug("kept");
const again = `${slug}-again`;
const stuck = randomSlug("stuck");
const member = "Åse <Alt> Sørensen";

let demo: Demo;
let tenants: Tenants;
let admin: string;
let vaultId: string;
let record: string;

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  admin = await adminUrl(demo);
});

afterAll(async () => {
  await tenants.removeAll();
  for (const { metadata, spec } of await demo.kube.list(retainedKind)) {
    if (![slug, again, stuck].includes(spec.slug) && !spec.slug.startsWith("many-")) continue;
    const { name } = metadata;
    await demo.kubectl(["annotate", "retainedvault", name, "polyphony.dev/deletion=approved"]);
    await demo.kubectl(["delete", "retainedvault", name, "--wait=true", "--timeout=60s"]);
  }
  demo.close();
});

const records = async (): Promise<RetainedVault[]> =>
  (await demo.kube.list(retainedKind)).filter(({ spec }) => spec.slug === slug);

const deleteTenant = async (name: string): Promise<void> => {
  await demo.kubectl(["annotate", "tenant", name, "polyphony.dev/deletion=approved"]);
  const { code, stderr } = await demo.kubectl(["delete", "tenant", name, "--wait=true", "--timeout=120s"]);
  expect([code, stderr]).toEqual([0, ""]);
};

const members = async (): Promise<string[]> => {
  const url = await adminUrl(demo, vaultDatabaseName(vaultId));
  return (await runSql<{ name: string }>(url, "SELECT name FROM members ORDER BY name")).map(({ name }) => name);
};

describe("K4: a vault is deleted, kept, brought back and purged", () => {
  it("keeps its data, closed, when it is deleted; its namespace and its address are gone", async () => {
    await tenants.apply(tenantManifest(slug, { retention: "24h" }));
    vaultId = vaultIdOf(await tenants.ready(slug));
    await runSql(
      await adminUrl(demo, vaultDatabaseName(vaultId)),
      "INSERT INTO members (email, name, role, created_at) VALUES ('ase@example.org', $1, 'member', now())",
      [member],
    );
    await deleteTenant(slug);
    const [kept] = await records();
    record = kept?.metadata.name ?? "";
    expect(kept?.spec).toMatchObject({ vaultId, slug, database: vaultDatabaseName(vaultId) });
    expect(await demo.kube.find(kinds.namespace, { name: namespaceOf(vaultId) })).toBeUndefined();
    const open = "SELECT datallowconn AS open FROM pg_database WHERE datname = $1";
    expect(await runSql(admin, open, [vaultDatabaseName(vaultId)])).toEqual([{ open: false }]);
    await eventually("the address leads nowhere", async () => (await localHttp(vaultUrl(slug))).status === 404);
  });

  it("gives the same name to another vault meanwhile, which has none of the data", async () => {
    await tenants.apply(tenantManifest(slug));
    const fresh = vaultIdOf(await tenants.ready(slug));
    expect(fresh).not.toBe(vaultId);
    const url = await adminUrl(demo, vaultDatabaseName(fresh));
    expect(await runSql(url, "SELECT 1 FROM members WHERE name = $1", [member])).toEqual([]);
    await tenants.remove(slug);
  });

  it("refuses it to another organization", async () => {
    const thief = randomSlug("thief");
    await tenants.apply(tenantManifest(thief, { restoreFrom: record }));
    await tenants.until(
      thief,
      "is refused",
      (tenant) => conditionOf(tenant, "Ready")?.reason === "OrganizationDiffers",
    );
    await tenants.remove(thief);
  });

  it("brings it back under another name with every row", async () => {
    const organization = { id: `org_${slug}`, name: `Choir ${slug}` };
    await tenants.apply(tenantManifest(again, { restoreFrom: record, organization, retention: "24h" }));
    const tenant = await tenants.ready(again);
    expect(vaultIdOf(tenant)).toBe(vaultId);
    expect(await members()).toContain(member);
    const answer = await localHttp(vaultUrl(again));
    expect([answer.status, answer.body.includes(`Choir ${slug}`)]).toEqual([200, true]);
    await eventually("the record says so", async () => (await records())[0]?.status?.phase === "Restored");
  });

  it("destroys it when its time is over, and only then", async () => {
    await deleteTenant(again);
    const kept = (await demo.kube.list(retainedKind)).find(({ spec }) => spec.slug === again);
    const name = kept?.metadata.name ?? "";
    const patch = '{"spec":{"keepUntil":"2026-01-01T00:00:00Z"}}';
    await demo.kubectl(["patch", "retainedvault", name, "--type=merge", "-p", patch]);
    await eventually(
      "it is purged",
      async () => (await demo.kube.get(retainedKind, { name })).status?.phase === "Purged",
    );
    expect(await leftovers(demo, [vaultId])).toEqual([]);
    await demo.kubectl(["delete", "retainedvault", name, "--wait=true", "--timeout=30s"]);
  });
});

describe("K4: what stands in a deletion's way is named, and the database is not lost", () => {
  it("names the finalizer that holds the namespace, and goes on when it is taken off", async () => {
    await tenants.apply(tenantManifest(stuck));
    const id = vaultIdOf(await tenants.ready(stuck));
    const namespace = namespaceOf(id);
    const hold = (finalizers: string[] | null) =>
      demo.kubectl([
        ...["-n", namespace, "patch", "secret", "vault", "--type=merge"],
        ...["-p", JSON.stringify({ metadata: { finalizers } })],
      ]);
    await hold(["example.org/backup"]);
    await demo.kubectl(["annotate", "tenant", stuck, "polyphony.dev/deletion=approved"]);
    await demo.kubectl(["delete", "tenant", stuck, "--wait=false"]);
    const tenant = await tenants.until(
      stuck,
      "is blocked",
      (one) => conditionOf(one, "DeletionBlocked")?.reason === "NamespaceStuck",
    );
    expect(conditionOf(tenant, "DeletionBlocked")?.message).toContain("secret/vault (example.org/backup)");
    expect(tenant.status).toMatchObject({ phase: "Deleting", progress: { current: "RemoveNamespace" } });
    expect((await vaultCatalog(admin)).databases).toContain(vaultDatabaseName(id));
    await hold(null);
    await tenants.remove(stuck);
    expect(await leftovers(demo, [id])).toEqual([]);
  });
});

describe("fault 36: more deletions than a person would ask for", () => {
  const stem = randomSlug("many");
  const slugs = Array.from({ length: 6 }, (_, index) => `${stem}-${String(index)}`);
  const [running = "", ...sleeping] = slugs;

  it("are held while the vault serves on; rejected, it comes back with pods that never stopped; approved, the others go", async () => {
    await tenants.apply(
      ...slugs.map((name) => tenantManifest(name, { activity: name === running ? "Running" : "Suspended" })),
    );
    const before = await tenants.ready(running);
    for (const name of sleeping)
      await tenants.until(name, "is Suspended", ({ status }) => status?.phase === "Suspended");
    const namespace = namespaceOf(vaultIdOf(before));
    const pods = async () => (await demo.kube.list(kinds.pod, { namespace })).map(({ metadata }) => metadata?.uid);
    const podsBefore = await pods();
    const ids = (await Promise.all(slugs.map((name) => tenants.get(name)))).map(vaultIdOf);
    // The sixth within an hour, whatever became of the five before it.
    await demo.kubectl(["delete", "tenant", "--wait=false", ...sleeping, running]);
    await tenants.until(
      running,
      "is held",
      (tenant) => conditionOf(tenant, "DeletionHeld")?.reason === "DeletionBreakerOpen",
    );
    expect((await localHttp(vaultUrl(running))).status).toBe(200);
    await demo.kubectl(["annotate", "tenant", running, "polyphony.dev/deletion=rejected"]);
    const uid = before.metadata.uid;
    const after = await tenants.until(
      running,
      "is back",
      (tenant) => tenant.metadata.uid !== uid && tenant.status?.phase === "Active",
    );
    expect(after.metadata.deletionTimestamp).toBeUndefined();
    expect(vaultIdOf(after)).toBe(vaultIdOf(before));
    expect(await pods()).toEqual(podsBefore);
    await eventually("it answers", async () => (await localHttp(vaultUrl(running))).status === 200);
    await tenants.remove(...sleeping);
    await tenants.remove(running);
    await eventually("nothing is left of any", async () => (await leftovers(demo, ids)).length === 0);
  });
});
