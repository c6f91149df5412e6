import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import type { Tenant } from "../../crds/index.ts";
import { makeAdmin } from "../../control-api/platform/make-admin.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { logIn, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { type ConsoleHarness, startConsole } from "../harness/console.ts";

const suffix = randomBytes(3).toString("hex");
const [first, second, third] = [`alto-${suffix}`, `bass-${suffix}`, `tenor-${suffix}`];
const nameOf = (slug: string): string => `Choir ${slug}`;
const staffMail = `ingrid-${suffix}@polyphony.example`;
const tenantKind = typed<Tenant>(kinds.tenant);
const trouble = 'There is no VaultRelease "choir-9.9.9": publish it, or pin another in spec.release.pin.';

let platform: ConsoleHarness;
let staff: ApiClient;
let owner: ApiClient;

beforeAll(async () => {
  platform = await startConsole({ APPROVAL: "staff" });
  await makeAdmin(platform.api.accounts, { email: staffMail, name: "Ingrid Solberg" });
  staff = await logIn(platform.api, staffMail);
  owner = anApiClient(platform.url);
  for (const slug of [first, second, third]) {
    const client = slug === first ? owner : anApiClient(platform.url);
    await registerAndProve(platform.api, client, slug, `kari@${slug}.example`);
  }
});

afterAll(() => platform.stop());

const open = async (path: string, heading: string, language = "en-GB"): Promise<Page> => {
  const page = await platform.open(path, staff, { locale: language });
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  return page;
};

const findTenant = (slug: string) =>
  eventually(`the Tenant ${slug}`, () => platform.api.kube.find(tenantKind, { name: slug }));

const operatorSays = async (slug: string, phase: "Active" | "Failed"): Promise<void> => {
  await findTenant(slug);
  const isActive = phase === "Active";
  const url = `http://${slug}.vaults.test`;
  const message = isActive ? `The vault answers at ${url}` : trouble;
  const condition = { type: "Ready", lastTransitionTime: "2026-01-01T00:00:00Z", message };
  await platform.operatorSays(slug, {
    phase,
    message,
    ...(isActive ? { url } : {}),
    conditions: [{ ...condition, status: isActive ? "True" : "False", reason: isActive ? "Ready" : "ReleaseMissing" }],
  });
};

describe("A1: the platform's pages", () => {
  it("are no pages for whoever is not staff, and ask a stranger to log in", async () => {
    const page = await platform.open("/admin", owner);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.context().close();
    const stranger = await platform.open("/admin/queue");
    await stranger.waitForURL("**/login?next=*");
    await stranger.context().close();
  });

  it("approve one organization and reject another with a reason, by keyboard only", async () => {
    const page = await open("/admin/queue", "Queue");
    await page.getByRole("button", { name: `Approve: ${nameOf(first)}` }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(`${nameOf(first)} is approved; its vault is being made.`).waitFor();
    await findTenant(first);
    await page.getByRole("button", { name: `Reject: ${nameOf(third)}` }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: `Reject ${nameOf(third)}?` }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("This is the\nthird choir of that name.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText(`${nameOf(third)} is rejected; its owner is told why.`).waitFor();
    expect(await platform.api.kube.find(tenantKind, { name: third })).toBeUndefined();
    await eventually("the owner's mail", () =>
      Promise.resolve(
        platform.api.mails.list(`kari@${third}.example`).some(({ text }) => text.includes("third choir of that name")),
      ),
    );
    await page.context().close();
  });

  it("A6: tell of a failed vault wherever staff are, say why, and try it again", async () => {
    await staff.send("POST", `/api/admin/organizations/${second}/approve`);
    await operatorSays(second, "Failed");
    const page = await open("/admin", "Fleet");
    await page.getByText("1 vault failed.").waitFor();
    await page.getByRole("link", { name: "Look at the queue" }).click();
    await page.getByText(trouble).waitFor();
    await page.getByText("polyphony explain ReleaseMissing").waitFor();
    await page.getByRole("button", { name: `Try again: ${nameOf(second)}` }).click();
    await page.getByText(`${nameOf(second)} is tried again now.`).waitFor();
    await eventually("the operator is asked", async () => {
      const { metadata } = await platform.api.kube.get(tenantKind, { name: second });
      return "polyphony.dev/retry-requested-at" in (metadata.annotations ?? {});
    });
    await operatorSays(second, "Active");
    await page.getByText("No vault has failed.").waitFor();
    await page.context().close();
  });

  it("search the fleet by an address that can be shared, and export just that as CSV", async () => {
    const page = await open("/admin", "Fleet");
    await page.getByRole("link", { name: nameOf(first) }).waitFor();
    await page.getByRole("searchbox", { name: "Search" }).fill(second);
    await page.waitForURL(`**/admin?search=${second}`);
    await page.getByRole("link", { name: nameOf(first) }).waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("1 organization shown").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export as CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(new RegExp(`^${second},${nameOf(second)},collective,approved,choir,trial,Active,`));
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("link", { name: nameOf(first) }).waitFor();
    await page.context().close();
  });

  it("suspend a vault with a reason that reaches its Tenant, bring it back, and show both in the timeline", async () => {
    const page = await open(`/admin/tenants/${second}`, nameOf(second));
    await page.getByRole("button", { name: `Suspend: ${nameOf(second)}` }).click();
    await page.getByRole("button", { name: "Suspend", exact: true }).click();
    await page.getByText("Write a reason; others read it.").waitFor();
    await page.getByRole("textbox", { name: "Reason" }).fill("Unpaid since May.");
    await page.getByRole("button", { name: "Suspend", exact: true }).click();
    await page.getByText(`${nameOf(second)} is being taken off the air.`).waitFor();
    const specOf = async () => (await platform.api.kube.get(tenantKind, { name: second })).spec;
    await eventually("the Tenant is suspended", async () => (await specOf()).activity === "Suspended");
    expect((await specOf()).activityReason).toBe("Unpaid since May.");
    await page.getByRole("button", { name: "Resume" }).click();
    await eventually("the Tenant runs", async () => (await specOf()).activity === "Running");
    for (const entry of ["Vault suspended", "Vault resumed", "Organization approved", "Vault: Failed"])
      await page.getByText(entry, { exact: true }).waitFor();
    await page.context().close();
  });

  it("begin an organization for somebody, whose mail then makes it", async () => {
    const slug = `sopran-${suffix}`;
    const page = await open("/admin/new", "New organization");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Sopran & Søn");
    await page.getByRole("textbox", { name: "Address name" }).fill(first);
    await page.getByText(/taken/).waitFor();
    await page.getByRole("textbox", { name: "Address name" }).fill(slug);
    await page.getByText(`${slug} can be had.`).waitFor();
    await page.getByRole("textbox", { name: "Owner’s name" }).fill("Anna Sopran");
    await page.getByRole("textbox", { name: "Owner’s mail address" }).fill(`anna@${slug}.example`);
    await page.getByRole("button", { name: "Invite the owner" }).click();
    await page.getByRole("heading", { name: "The owner is invited" }).waitFor();
    await page.getByText("Begun by Ingrid Solberg").waitFor();
    const token = await tokenInMail(platform.api, `anna@${slug}.example`, /./);
    const anna = anApiClient(platform.url);
    expect((await anna.send("POST", `/api/registrations/${token}/proof`)).status).toBe(201);
    expect((await anna.me()).body).toMatchObject({ organizations: [{ slug, role: "owner" }] });
    await page.context().close();
  });

  it("A2: show who did what, and verify that the log is whole", async () => {
    const page = await open(`/admin/audit?organization=${second}`, "Audit");
    await page.getByText("Vault suspended").waitFor();
    await page
      .getByText(/by Ingrid Solberg/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Verify all chains" }).click();
    await page.getByText(/^The log is whole: \d+ entries/).waitFor();
    await page.context().close();
  });

  it("say so when there is no such organization", async () => {
    const page = await open("/admin/tenants/nobody-here", "There is no such organization");
    await page.context().close();
  });

  it("speak Norwegian", async () => {
    const page = await open("/admin", "Flåte", "nb-NO");
    await page.getByText("Alle organisasjoner og hvelvene deres, nyeste først.").waitFor();
    await page.context().close();
  });

  it.each([
    { name: "admin-fleet", path: "/admin", heading: "Fleet" },
    { name: "admin-queue", path: "/admin/queue", heading: "Queue" },
    { name: "admin-tenant", path: `/admin/tenants/${second}`, heading: nameOf(second) },
    { name: "admin-audit", path: "/admin/audit", heading: "Audit" },
    { name: "admin-new", path: "/admin/new", heading: "New organization" },
  ])("let axe find nothing at $path, on phone and desk, light and dark", async ({ name, path, heading }) => {
    const page = await open(path, heading);
    await page.waitForLoadState("networkidle");
    expect(await faultsOf(page, name)).toEqual([]);
    await page.context().close();
  });
});
