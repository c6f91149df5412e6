import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Tenant } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { vaultDatabaseName } from "../../operator/database/names.ts";
import { annotations } from "../../operator/tenant/names.ts";
import { adminUrl, runSql } from "./support/admin-database.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import { mailedLink, mailsTo } from "./support/inbox.ts";
import { createOwnTemplate, type OwnTemplate, type Version } from "./support/own-template.ts";
import {
  conditionOf,
  createTenants,
  isReady,
  randomSlug,
  tenantManifest,
  vaultIdOf,
  type Tenants,
} from "./support/tenants.ts";
import { keepVisiting, type Asking, type Visits } from "./support/visiting.ts";
import { createVisitor, type Visitor } from "./support/visitor.ts";

jest.setTimeout(300_000);

const [first, second, blocked] = [randomSlug("upgrade-a"), randomSlug("upgrade-b"), randomSlug("upgrade-c")];
const json = { accept: "application/json" };

let demo: Demo;
let tenants: Tenants;
let template: OwnTemplate;
const sessions = new Map<string, Visitor>();
/** Every word of Ready but True that a Tenant had, from the first to the last of these tests. */
const unready: string[] = [];
const watching = new AbortController();

const logIn = async (slug: string): Promise<Visitor> => {
  const owner = `owner@${slug}.example`;
  const visitor = createVisitor(vaultUrl(slug));
  const seen = (await mailsTo(owner)).length;
  await visitor.submit("/", "/login", { email: owner });
  const { pathname } = await mailedLink(owner, seen);
  const entered = await visitor.submit(pathname, pathname, {});
  if (entered.status !== 303) throw new Error(`The link was answered ${String(entered.status)}: ${entered.body}`);
  return visitor;
};

const visitorsOf = (slug: string): Asking[] => {
  const session = sessions.get(slug);
  if (!session) throw new Error(`nobody is logged in at ${slug}`);
  const every = { expected: [200], pauseMs: 40 };
  return [
    { what: `${slug} page`, ask: () => session.get("/members"), ...every },
    { what: `${slug} api`, ask: () => session.get("/api/members", json), ...every },
    { what: `${slug} front`, ask: () => createVisitor(vaultUrl(slug)).get("/"), ...every },
  ];
};

const expectNoneFailed = (visits: Visits, slugs: string[]): void => {
  expect(visits.odd).toEqual([]);
  for (const slug of slugs) expect(visits.counts.get(`${slug} page 200`)).toBeGreaterThan(20);
};

const runs =
  (version: Version) =>
  (tenant: Tenant): boolean =>
    tenant.status?.release?.version === version && conditionOf(tenant, "ReleaseCurrent")?.status === "True";

const watchReady = async (slugs: readonly string[]): Promise<void> => {
  while (!watching.signal.aborted) {
    for (const { metadata, status } of await demo.kube.list(kinds.tenant)) {
      const ready = conditionOf({ status } as Tenant, "Ready");
      if (slugs.includes(metadata?.name ?? "") && ready?.status !== "True")
        unready.push(`${metadata?.name ?? ""}: ${ready?.reason ?? "no Ready"}`);
    }
    await sleep(100);
  }
};

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  template = await createOwnTemplate(demo, randomSlug("up"));
  await template.publish("1.0.0");
  const slugs = [first, second, blocked];
  await tenants.apply(...slugs.map((slug) => tenantManifest(slug, { template: template.name })));
  await Promise.all(slugs.map((slug) => tenants.ready(slug)));
  for (const slug of slugs) sessions.set(slug, await logIn(slug));
  void watchReady(slugs).catch((error: unknown) => unready.push(String(error)));
});

afterAll(async () => {
  watching.abort();
  await tenants.removeAll();
  await template.remove();
  demo.close();
});

describe("R3 R5: a new release is promoted while people use the vaults", () => {
  /** Somebody reads in one vault for longer than a migration waits; others read there all the same. */
  const holdLock = async (): Promise<pg.Client> => {
    const id = vaultIdOf(await tenants.get(blocked));
    const client = new pg.Client({ connectionString: await adminUrl(demo, vaultDatabaseName(id)) });
    await client.connect();
    await client.query("BEGIN; LOCK TABLE members IN ACCESS SHARE MODE");
    return client;
  };
  let lock: pg.Client;

  it("migrates and rolls over all but one that is locked, and no request fails", async () => {
    await template.publish("1.1.0");
    lock = await holdLock();
    const visits = keepVisiting([...visitorsOf(first), ...visitorsOf(second), ...visitorsOf(blocked)]);
    await sleep(1_000);
    await template.promote("1.1.0");
    const done = await Promise.all([first, second].map((slug) => tenants.until(slug, "runs 1.1.0", runs("1.1.0"))));
    expect(done.map(({ status }) => status?.release?.schemaVersion)).toEqual([2, 2]);
    const failed = await tenants.until(
      blocked,
      "says that its migration failed",
      (tenant) => conditionOf(tenant, "SchemaCurrent")?.reason === "MigrationFailed",
    );
    await sleep(2_000);
    await visits.stop();
    expectNoneFailed(visits, [first, second, blocked]);
    expect(isReady(failed)).toBe(true);
    expect(failed.status?.release?.version).toBe("1.0.0");
    expect(conditionOf(failed, "SchemaCurrent")?.message).toMatch(
      /lock timeout.*serves on .*-1\.0\.0.*tried again at 20/s,
    );
    expect(conditionOf(failed, "ReleaseCurrent")?.status).toBe("False");
  });

  it("shows the new column where it is, and the old release goes on where it failed", async () => {
    const page = await sessions.get(first)?.submit("/", "/me/voice-part", { voicePart: "alto" });
    expect(page?.status).toBe(303);
    expect((await sessions.get(first)?.get("/members"))?.body).toContain("Alto");
    expect((await sessions.get(blocked)?.get("/"))?.body).not.toContain("Your voice");
  });

  it("counts its followers in the release, with the name of the one that fails", async () => {
    const { status } = await template.release("1.1.0");
    expect(status?.followers).toEqual({ migrated: 2, pending: 0, failing: 1 });
    expect(conditionOf({ status } as Tenant, "FollowersMigrated")).toMatchObject({
      status: "False",
      reason: "MigrationFailed",
    });
    expect(conditionOf({ status } as Tenant, "FollowersMigrated")?.message).toContain(blocked);
  });

  it("tries again when it is asked to, once the lock is gone", async () => {
    await lock.query("ROLLBACK");
    await lock.end();
    const at = new Date().toISOString();
    await demo.kubectl(["annotate", "--overwrite", "tenant", blocked, `${annotations.retryRequestedAt}=${at}`]);
    const tenant = await tenants.until(blocked, "runs 1.1.0", runs("1.1.0"));
    expect(conditionOf(tenant, "SchemaCurrent")?.status).toBe("True");
  });

  it("ran each database's migration once, and closed the migrator's login behind it", async () => {
    const control = await adminUrl(demo, "polyphony_control");
    const runsOf = await runSql<{ outcome: string; count: string }>(
      control,
      "SELECT outcome, count(*) FROM polyphony.migration_run WHERE release = $1 AND database LIKE 'vault%' GROUP BY 1 ORDER BY 1",
      [template.releaseName("1.1.0")],
    );
    expect(runsOf.find(({ outcome }) => outcome === "succeeded")).toEqual({ outcome: "succeeded", count: "3" });
    const migrator = [`${template.name.replaceAll("-", "_")}_migrator`];
    await eventually("the migrator's login is closed", async () => {
      const sql = "SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = $1";
      return (await runSql<{ may: boolean }>(control, sql, migrator))[0]?.may === false;
    });
    expect(
      await demo.kube.list(kinds.job, {
        namespace: "polyphony-migrations",
        labelSelector: `polyphony.dev/release=${template.releaseName("1.1.0")},polyphony.dev/migration`,
      }),
    ).toHaveLength(1);
  });
});

describe("R1: going back, and maintenance windows", () => {
  it("goes back to the earlier release on the newer schema, and no request fails", async () => {
    const visits = keepVisiting([...visitorsOf(first), ...visitorsOf(second)]);
    await template.promote("1.0.0");
    await Promise.all([first, second, blocked].map((slug) => tenants.until(slug, "runs 1.0.0", runs("1.0.0"))));
    await sleep(2_000);
    await visits.stop();
    expectNoneFailed(visits, [first, second]);
  });

  it("keeps a vault with a closed window where it is, until it is asked to go now", async () => {
    const tomorrow = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(new Date().getUTCDay() + 2) % 7];
    const window = { days: [tomorrow], start: "12:00", duration: "1h", timeZone: "UTC" };
    const patch = JSON.stringify({ spec: { maintenanceWindow: window } });
    await demo.kubectl(["patch", "tenant", first, "--type=merge", "--patch", patch]);
    await tenants.until(first, "is seen", isReady);
    await template.promote("1.1.0");
    await tenants.until(second, "runs 1.1.0", runs("1.1.0"));
    const held = await tenants.until(
      first,
      "waits for its window",
      (tenant) => conditionOf(tenant, "ReleaseCurrent")?.reason === "WindowClosed",
    );
    expect(held.status?.release?.version).toBe("1.0.0");
    expect(isReady(held)).toBe(true);
    const at = new Date().toISOString();
    await demo.kubectl(["annotate", "--overwrite", "tenant", first, `${annotations.upgradeRequestedAt}=${at}`]);
    const gone = await tenants.until(first, "runs 1.1.0", runs("1.1.0"));
    expect(gone.status?.upgradeRequestAnswered).toBe(at);
  });

  it("follows a pin whatever the channel says", async () => {
    const pin = JSON.stringify({ spec: { release: { pin: "1.0.0" } } });
    await demo.kubectl(["patch", "tenant", blocked, "--type=merge", "--patch", pin]);
    await tenants.until(blocked, "runs 1.0.0", runs("1.0.0"));
  });
});

describe("a release in use", () => {
  it("cannot be deleted, and says who needs it", async () => {
    await demo.kubectl(["delete", "vaultrelease", template.releaseName("1.0.0"), "--wait=false"]);
    await tenants.until(blocked, "is still there", isReady);
    let message = "";
    for (let look = 0; look < 40 && !message.includes(blocked); look += 1) {
      await sleep(250);
      message = conditionOf(await template.release("1.0.0"), "Ready")?.message ?? "";
    }
    expect(message).toContain(blocked);
    expect(message).not.toContain(second);
  });
});

describe("R5: all the while", () => {
  it("was Ready, at every look, in every Tenant", () => {
    expect([...new Set(unready)]).toEqual([]);
  });
});
