import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { localHttp } from "../../demo/local-http.ts";
import { kinds } from "../../kube/kinds.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { adminUrl, runSql, vaultCatalog } from "./support/admin-database.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import { killLeader, leadership, restartOperator } from "./support/operator-process.ts";
import {
  createTenants,
  isReady,
  leftovers,
  randomSlug,
  tenantKind,
  tenantManifest,
  vaultIdOf,
  type Tenants,
} from "./support/tenants.ts";

jest.setTimeout(900_000);

const count = 50;
const stem = randomSlug("crash");
const slugs = Array.from({ length: count }, (_, index) => `${stem}-${String(index)}`);

let demo: Demo;
let tenants: Tenants;
let admin: string;
let ids: string[] = [];

/** Every namespace that was ever made for these Tenants, by uid. */
const namespacesSeen = new Map<string, string>();
const watching = new AbortController();

const watchNamespaces = async (): Promise<void> => {
  const labelSelector = "polyphony.dev/vault=true";
  let { resourceVersion } = await demo.kube.listPage(kinds.namespace, { labelSelector });
  while (!watching.signal.aborted) {
    const events = demo.kube.watch(kinds.namespace, { labelSelector, resourceVersion, signal: watching.signal });
    for await (const { type, object } of events) {
      const { uid = "", name = "", labels } = object.metadata ?? {};
      resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
      if (type === "ADDED" && labels?.["polyphony.dev/tenant"]?.startsWith(stem)) namespacesSeen.set(uid, name);
    }
  }
};

beforeAll(async () => {
  demo = await openDemo({ breaksThings: true });
  tenants = createTenants(demo);
  admin = await adminUrl(demo);
  await restartOperator(demo);
  void watchNamespaces().catch((error: unknown) => {
    if (!watching.signal.aborted) throw error;
  });
});

afterAll(async () => {
  await tenants.removeAll();
  watching.abort();
  demo.close();
});

const own = async (): Promise<Tenant[]> =>
  (await demo.kube.list(tenantKind)).filter(({ metadata }) => slugs.includes(metadata.name));

const tell = (all: Tenant[]): string =>
  all
    .filter((tenant) => !isReady(tenant))
    .slice(0, 5)
    .map(({ metadata, status }) => `${metadata.name}: ${status?.phase ?? "not seen"}, ${status?.message ?? ""}`)
    .join("\n");

const doneOf = async (): Promise<number> => (await own()).filter(isReady).length;

describe("K10: the operator is killed in the middle of fifty creations", () => {
  it("has another take over within 30 s, and every Tenant becomes Ready, through two kills", async () => {
    await tenants.apply(...slugs.map((slug) => tenantManifest(slug)));
    const made = async () => (await vaultCatalog(admin)).databases.length;
    const atFirst = await made();
    const begun = (more: number) =>
      eventually(`${String(more)} databases more`, async () => (await made()) >= atFirst + more, { everyMs: 50 });
    const handovers: number[] = [];
    for (const more of [10, 25]) {
      await begun(more);
      const before = await doneOf();
      const killed = await killLeader(demo);
      const started = performance.now();
      expect(before).toBeLessThan(count);
      await eventually("another operator leads", async () => {
        const leader = await leadership(demo);
        return leader !== undefined && leader.holder !== killed;
      });
      handovers.push(performance.now() - started);
    }
    await eventually(
      "all Tenants are Ready",
      async () => {
        const all = await own();
        if (all.length === count && all.every(isReady)) return true;
        throw new Error(tell(all));
      },
      { withinMs: 480_000, everyMs: 1000 },
    );
    console.info(`handover after kill -9: ${handovers.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(", ")}`);
    for (const handover of handovers) expect(handover).toBeLessThan(30_000);
  });

  it("has made each namespace, database and role exactly once", async () => {
    const all = await own();
    ids = all.map(vaultIdOf);
    expect(new Set(ids).size).toBe(count);
    const { databases, roles } = await vaultCatalog(admin);
    const ours = (names: string[]) => names.filter((name) => ids.some((id) => name.startsWith(vaultDatabaseName(id))));
    expect(ours(databases).sort()).toEqual(ids.map(vaultDatabaseName).sort());
    expect(ours(roles).sort()).toEqual(ids.flatMap((id) => [vaultLoginName(id, "a"), vaultLoginName(id, "b")]).sort());
    // By uid: a namespace that was made, lost and made again would be here twice.
    expect([...namespacesSeen.values()].sort()).toEqual(ids.map(namespaceOf).sort());
    const rows = await runSql<{ count: string }>(
      await adminUrl(demo, "polyphony_control"),
      "SELECT count(*) FROM polyphony.vault WHERE vault_id::text = ANY($1) AND opened_at IS NOT NULL",
      [ids],
    );
    expect(rows).toEqual([{ count: String(count) }]);
  });

  it("leaves nothing on the server or in the cluster that belongs to no Tenant", async () => {
    const live = (await demo.kube.list(tenantKind)).map(
      ({ metadata }) => metadata.annotations?.["polyphony.dev/vault-id"],
    );
    const known = live.filter((id) => id !== undefined).map((id) => id.replaceAll("-", ""));
    const { databases, roles } = await vaultCatalog(admin);
    const strangers = [...databases, ...roles].filter((name) => !known.some((hex) => name.startsWith(`vault_${hex}`)));
    const retained = await demo.kube.list(kinds.retainedVault);
    const kept = retained.map(({ spec }) => String(spec?.["vaultId"]).replaceAll("-", ""));
    expect(strangers.filter((name) => !kept.some((hex) => name.startsWith(`vault_${hex}`)))).toEqual([]);
    const namespaces = await demo.kube.list(kinds.namespace, { labelSelector: "polyphony.dev/vault=true" });
    const names = namespaces.map(({ metadata }) => metadata?.name ?? "");
    expect(names.filter((name) => !known.some((hex) => name === `vault-${hex.slice(0, 12)}`))).toEqual([]);
  });

  it("has every one answer at its address", async () => {
    for (const slug of slugs) {
      const answer = await localHttp(vaultUrl(slug));
      expect([slug, answer.status, answer.body.includes(`Choir ${slug}`)]).toEqual([slug, 200, true]);
    }
  });

  it("is killed again while they are deleted, and nothing is left of any", async () => {
    const gone = tenants.remove(...slugs);
    await eventually("some are deleted", async () => (await own()).length < count - 5, {
      withinMs: 240_000,
      everyMs: 50,
    });
    const [killed] = await Promise.all([killLeader(demo), gone]);
    expect(killed).toMatch(/operator/);
    expect(await own()).toEqual([]);
    expect(await leftovers(demo, ids)).toEqual([]);
  });
});
