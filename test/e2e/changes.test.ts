import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import type { Tenant } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { annotations } from "../../operator/tenant/names.ts";
import { faultsOf, openBrowser } from "./support/browser.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import { mailedLink, mailsTo } from "./support/inbox.ts";
import {
  conditionOf,
  createTenants,
  isReady,
  randomSlug,
  tenantManifest,
  vaultNamespace,
  type Tenants,
} from "./support/tenants.ts";
import { keepVisiting, type Asking } from "./support/visiting.ts";
import { createVisitor, type Visitor } from "./support/visitor.ts";

jest.setTimeout(300_000);

const slug = randomSlug("changes");
const url = vaultUrl(slug);
const owner = `owner@${slug}.example`;

let demo: Demo;
let tenants: Tenants;
let browser: Browser;
let session: Visitor;
/** The id of an open invitation. */
let invitation: string;

const json = { accept: "application/json" };

const logIn = async (): Promise<Visitor> => {
  const visitor = createVisitor(url);
  const seen = (await mailsTo(owner)).length;
  await visitor.submit("/", "/login", { email: owner });
  const { pathname } = await mailedLink(owner, seen);
  const entered = await visitor.submit(pathname, pathname, {});
  if (entered.status !== 303) throw new Error(`The link was answered ${entered.status}: ${entered.body}`);
  return visitor;
};

const change = async (spec: Record<string, unknown>): Promise<void> => {
  const { code, stderr } = await demo.kubectl([
    "patch",
    "tenant",
    slug,
    "--type=merge",
    "--patch",
    JSON.stringify({ spec }),
  ]);
  expect([code, stderr]).toEqual([0, ""]);
};

const ask = async (...names: string[]): Promise<void> => {
  const at = new Date().toISOString();
  const { code } = await demo.kubectl([
    "annotate",
    "tenant",
    slug,
    "--overwrite",
    ...names.map((name) => `${name}=${at}`),
  ]);
  expect(code).toBe(0);
};

const isRotated = (tenant: Tenant): boolean => {
  const { database, signing } = tenant.status?.rotation ?? {};
  const done = [database, signing].every((one) => one?.rotatedAt !== undefined && one.startedAt === undefined);
  return done && conditionOf(tenant, "SecretsCurrent")?.status === "True";
};

const pageHas = async (text: string): Promise<boolean> => (await session.get("/")).body.includes(text);

/** People who read with a session that is older than the change, and people who only open the front page. */
const readers = (): Asking[] => {
  const every = { expected: [200], pauseMs: 30 };
  return [
    { what: "read", ask: () => session.get("/members"), ...every },
    { what: "api", ask: () => session.get("/api/me", json), ...every },
    { what: "front", ask: () => createVisitor(url).get("/"), ...every },
  ];
};

/** A write that may be done as often as one likes: an invitation that is sent again and again. */
const writer = (expected: readonly number[]): Asking => ({
  what: "write",
  ask: () => session.submit("/members", `/invitations/${invitation}/send-again`, {}),
  expected,
  pauseMs: 200,
});

const podNames = async (): Promise<string[]> => {
  const pods = await demo.kube.list(kinds.pod, { namespace: vaultNamespace(await tenants.get(slug)) });
  return pods.map(({ metadata }) => metadata?.name ?? "").sort();
};

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  await tenants.apply(tenantManifest(slug));
  browser = await openBrowser();
  await tenants.ready(slug);
  session = await logIn();
  await session.submit("/members", "/invitations", { email: `guest@${slug}.example`, role: "member" });
  const open = JSON.parse((await session.get("/api/invitations", json)).body) as { invitations: { id: string }[] };
  invitation = open.invitations[0]?.id ?? "";
});

afterAll(async () => {
  await browser.close();
  await tenants.removeAll();
  demo.close();
});

describe("D7 rotation of password and signing key under load", () => {
  it("fails no request, keeps every session, and ends with one login and new pods", async () => {
    const before = await podNames();
    const visits = keepVisiting([...readers(), ...readers(), writer([303])]);
    await sleep(1_000);
    await ask(annotations.rotateDatabase, annotations.rotateSigning);
    const rotated = await tenants.until(slug, "has new secrets", isRotated, { withinMs: 180_000, everyMs: 500 });
    const fresh = await logIn();
    await sleep(1_000);
    await visits.stop();
    expect(visits.odd).toEqual([]);
    // On a machine that does much else, too, there was somebody all the while.
    expect(visits.counts.get("read 200")).toBeGreaterThan(20);
    expect(visits.counts.get("write 303")).toBeGreaterThan(5);
    expect(rotated.status?.secretVersions).toEqual({ database: 2, databaseLogin: "b", signing: 2 });
    expect(isReady(rotated)).toBe(true);
    const after = await podNames();
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    // The session from before and one from after are the same to the vault.
    expect((await fresh.get("/api/me", json)).status).toBe(200);
    expect(await pageHas("Good to see you")).toBe(true);
  });
});

describe("K5 read-only and back under load", () => {
  it("refuses only writes, with 403, shows why, and restarts nothing", async () => {
    const before = await podNames();
    const visits = keepVisiting([...readers(), writer([303, 403])]);
    await change({ access: "ReadOnly", accessReason: "Paid until May. An owner can pay under Billing." });
    await tenants.until(slug, "is read-only", (tenant) => tenant.status?.phase === "ReadOnly" && isReady(tenant));
    await eventually("the banner is there", () => pageHas("This vault is read-only for now."));
    const problem = await session.post(
      "/api/invitations",
      { email: `x@${slug}.example`, role: "member" },
      { ...json, "x-csrf-token": await csrfToken() },
    );
    expect([problem.status, problem.headers["content-type"]]).toEqual([
      403,
      expect.stringContaining("application/problem+json"),
    ]);
    expect(JSON.parse(problem.body)).toMatchObject({ type: "https://polyphony.dev/problems/read-only", status: 403 });
    expect((await session.get("/export/members.csv")).body).toContain(owner);
    await logIn();
    await eventually("the reason is there", () => pageHas("Paid until May. An owner can pay under Billing."), {
      withinMs: 150_000,
    });
    await look("read-only");
    await change({ access: "ReadWrite", accessReason: null });
    await eventually("the banner is gone", async () => !(await pageHas("This vault is read-only for now.")));
    await visits.stop();
    expect(visits.odd).toEqual([]);
    expect(visits.counts.get("write 403")).toBeGreaterThan(0);
    expect(await podNames()).toEqual(before);
  });
});

const csrfToken = async (): Promise<string> => {
  const me = JSON.parse((await session.get("/api/me", json)).body) as { csrfToken: string };
  return me.csrfToken;
};

/** The vault as its owner sees it, on a phone and on a desk, light and dark. */
const look = async (name: string): Promise<void> => {
  const context = await browser.newContext();
  await context.addCookies([...session.cookies].map(([key, value]) => ({ name: key, value, url })));
  const page = await context.newPage();
  await page.goto(`${url}/members`);
  expect(await faultsOf(page, name)).toEqual([]);
  await context.close();
};

describe("K5 a rename", () => {
  it("is on the page without a restart", async () => {
    const before = await podNames();
    const { organization } = (await tenants.get(slug)).spec;
    await change({ organization: { ...organization, name: "Kór <b>ný</b>" } });
    await eventually("the page has the new name", () => pageHas("Kór &lt;b&gt;ný&lt;/b&gt;"), { withinMs: 150_000 });
    expect(await podNames()).toEqual(before);
  });
});

describe("K5 suspend and resume", () => {
  it("shows a page that says why and what to do, and brings back what ran before", async () => {
    const before = await tenants.get(slug);
    await change({ activity: "Suspended", activityReason: "The subscription ended on 1 May. <Pay> to go on." });
    await tenants.until(slug, "is suspended", (tenant) => tenant.status?.phase === "Suspended");
    await eventually("its page is there", async () => (await createVisitor(url).get("/")).status === 403);
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    expect(await page.innerText("main")).toContain("The subscription ended on 1 May. <Pay> to go on.");
    expect(await page.innerText("main")).toMatch(/an owner of the organization/);
    expect(await faultsOf(page, "suspended")).toEqual([]);
    const told = await createVisitor(url).get("/api/me", json);
    expect(JSON.parse(told.body)).toMatchObject({ type: "urn:polyphony:problem:vault-suspended", status: 403 });
    await eventually("no pod runs", async () => (await podNames()).length === 0);

    await change({ activity: "Running", activityReason: null });
    const back = await tenants.ready(slug);
    expect(back.status?.release).toEqual(before.status?.release);
    await eventually("people are still logged in", () => pageHas("Good to see you"));
  });
});

describe("K5 a limit below what is used", () => {
  it("is told and not enforced", async () => {
    await change({ limits: { members: 1 } });
    await tenants.until(slug, "knows its limit", (tenant) => conditionOf(tenant, "LimitsRespected")?.status === "True");
    await change({ limits: { members: 0 } });
    const over = await tenants.until(
      slug,
      "says so",
      (tenant) => conditionOf(tenant, "LimitsRespected")?.status === "False",
    );
    expect(conditionOf(over, "LimitsRespected")).toMatchObject({
      reason: "LimitsExceeded",
      message: expect.stringContaining("members: 1 used, 0 allowed") as unknown,
    });
    expect(isReady(over)).toBe(true);
    const { stdout } = await demo.kubectl(["events", "--for", `tenant/${slug}`, "-n", "default"]);
    expect(stdout).toContain("LimitsExceeded");
    expect((await session.get("/")).status).toBe(200);
  });
});
