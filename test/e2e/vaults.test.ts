import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { faultsOf, openBrowser } from "./support/browser.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { mailedLink, mailsTo } from "./support/inbox.ts";
import { createTenants, randomSlug, tenantManifest, type Tenants } from "./support/tenants.ts";
import { createVisitor } from "./support/visitor.ts";

jest.setTimeout(240_000);

type Choir = { slug: string; name: string; url: string; owner: string };

const choir = (stem: string, name: string): Choir => {
  const slug = randomSlug(stem);
  return { slug, name, url: vaultUrl(slug), owner: `owner@${slug}.example` };
};
const north = choir("north", "Nordlys Kor & Venner");
const south = choir("south", "Sør-Trøndelag Damekor");

let demo: Demo;
let tenants: Tenants;
let browser: Browser;

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  const manifests = [north, south].map(({ slug, name }) =>
    tenantManifest(slug, { organization: { id: `org_${slug}`, name } }),
  );
  await tenants.apply(...manifests);
  browser = await openBrowser();
  await Promise.all([north, south].map(({ slug }) => tenants.ready(slug)));
});

afterAll(async () => {
  await browser.close();
  await tenants.removeAll();
  demo.close();
});

/** A browser of one person; none of its cookies are another's. */
const person = async (): Promise<Page> => (await browser.newContext()).newPage();

const askForLink = async (page: Page, { url }: Choir, address: string): Promise<URL> => {
  const seen = (await mailsTo(address)).length;
  await page.goto(url);
  await page.getByLabel("Your mail address").fill(address);
  await page.getByRole("button", { name: "Mail me a login link" }).click();
  await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
  return mailedLink(address, seen);
};

const logIn = async (page: Page, at: Choir, address: string): Promise<void> => {
  const link = await askForLink(page, at, address);
  await page.goto(link.href);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: /Good to see you/ }).waitFor();
};

const invite = async (page: Page, at: Choir, address: string): Promise<URL> => {
  await page.goto(`${at.url}/members`);
  await page.getByLabel("Mail address").fill(address);
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("The invitation is on its way.").waitFor();
  return mailedLink(address);
};

/** The cookie that says who somebody is. */
const sessionOf = async (page: Page): Promise<string> => {
  const cookies = await page.context().cookies();
  return cookies.find(({ name }) => name === "session")?.value ?? "";
};

describe("the demo's two vaults in Chromium", () => {
  it.each([
    ["nordic-choirs", "Nordic Choirs"],
    ["alto-ensemble", "Alto Ensemble"],
  ])("V1 K1: %s answers at its own address with its own name", async (slug, name) => {
    const page = await person();
    const reply = await page.goto(vaultUrl(slug));
    expect(reply?.status()).toBe(200);
    await expect(page.title()).resolves.toBe(name);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    expect(await faultsOf(page, `demo-${slug}`)).toEqual([]);
    const others = ["Nordic Choirs", "Alto Ensemble"].filter((other) => other !== name);
    for (const other of others) expect(await page.content()).not.toContain(other);
  });

  it("N1: an address that belongs to nobody says so, to people and to programs", async () => {
    const page = await person();
    const reply = await page.goto(vaultUrl(randomSlug("nobody")));
    expect(reply?.status()).toBe(404);
    expect(await faultsOf(page, "nobody-here")).toEqual([]);
    const program = await createVisitor(vaultUrl(randomSlug("nobody"))).get("/", { accept: "application/json" });
    expect([program.status, program.headers["content-type"]]).toEqual([
      404,
      expect.stringContaining("application/problem+json"),
    ]);
  });
});

describe("two vaults in use", () => {
  it("V5: the owner logs in by the mailed link, which looking at does not spend, and which works once", async () => {
    const page = await person();
    const link = await askForLink(page, north, north.owner);
    expect(link.origin).toBe(north.url);
    // What a mail scanner does: it follows the link, without and with JavaScript.
    for (let look = 0; look < 3; look += 1)
      expect((await createVisitor(north.url).get(link.pathname)).status).toBe(200);
    await (await person()).goto(link.href);
    await page.goto(link.href);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Good to see you, Ola Nordmann" }).waitFor();
    expect((await createVisitor(north.url).get(link.pathname)).status).toBe(410);
    const again = await createVisitor(north.url).submit("/", link.pathname, {});
    expect(again.status).toBe(410);
  });

  it("V5: invites a second member, who accepts, logs out, and logs in by a link of their own", async () => {
    const address = `siri@${north.slug}.example`;
    const owner = await person();
    await logIn(owner, north, north.owner);
    const invitation = await invite(owner, north, address);
    const siri = await person();
    await siri.goto(invitation.href);
    await siri.getByLabel("Your name").fill("Siri Dahl");
    await siri.getByRole("button", { name: "Accept and log in" }).click();
    await siri.getByRole("heading", { name: "Good to see you, Siri Dahl" }).waitFor();
    await owner.goto(`${north.url}/members`);
    await owner.getByText("Siri Dahl").waitFor();
    const session = await sessionOf(siri);
    await siri.getByRole("button", { name: "Log out" }).click();
    await siri.getByLabel("Your mail address").waitFor();
    // Logging out ends the session itself, not only this browser's memory of it.
    const thief = createVisitor(north.url, new Map([["session", session]]));
    expect((await thief.get("/members")).status).toBe(401);
    await logIn(siri, north, address);
    await siri.getByRole("link", { name: "Members", exact: true }).click();
    await siri.getByRole("heading", { name: "Members", level: 1 }).waitFor();
  });

  it("N1: nobody of one vault is anybody in the other", async () => {
    const insider = await person();
    await logIn(insider, south, south.owner);
    const session = await sessionOf(insider);
    const shown = () => createVisitor(north.url, new Map([["session", session]]));
    expect((await createVisitor(south.url, new Map([["session", session]])).get("/members")).status).toBe(200);
    // The session of one, shown to the other, also with headers that speak for the first.
    const speaking = { "x-forwarded-host": new URL(south.url).host, forwarded: `host=${new URL(south.url).host}` };
    expect((await shown().get("/members")).status).toBe(401);
    expect((await shown().get("/members", speaking)).status).toBe(401);
    expect((await shown().get("/api/me", { accept: "application/json" })).status).toBe(401);
    const page = await shown().get("/");
    expect([page.status, page.body.includes(south.name), page.body.includes("Mail me a login link")]).toEqual([
      200,
      false,
      true,
    ]);
    // In the browser, the cookie does not even leave the first one's host.
    await insider.goto(north.url);
    await insider.getByLabel("Your mail address").waitFor();
  });

  it("N1: links of one vault open nothing in the other, and its members get no mail there", async () => {
    const page = await person();
    const link = await askForLink(page, south, south.owner);
    const stranger = createVisitor(north.url);
    expect((await stranger.get(link.pathname)).status).toBe(410);
    expect((await stranger.submit("/", link.pathname, {})).status).toBe(410);
    const owner = await person();
    await logIn(owner, south, south.owner);
    const invited = await invite(owner, south, `guest@${south.slug}.example`);
    expect((await stranger.get(invited.pathname)).status).toBe(410);
    expect((await stranger.submit("/", invited.pathname, { name: "Stranger" })).status).toBe(410);
    expect((await createVisitor(south.url).get(invited.pathname)).status).toBe(200);
    // Asking at the other vault is answered the same, but only that vault's own people get mail from it.
    const before = (await mailsTo(south.owner)).length;
    const asked = await createVisitor(north.url).submit("/", "/login", { email: south.owner });
    expect([asked.status, asked.headers["location"]]).toEqual([303, "/login/sent"]);
    await askForLink(await person(), north, north.owner);
    const after = await mailsTo(south.owner);
    expect(after.length).toBe(before);
    expect(after.filter(({ text }) => text.includes(north.url))).toEqual([]);
  });

  it("is accessible and fits on every page, on a phone and on a desk, light and dark", async () => {
    const page = await person();
    await page.goto(south.url);
    const faults = await faultsOf(page, "welcome");
    const link = await askForLink(page, south, south.owner);
    faults.push(...(await faultsOf(page, "sent")));
    await page.goto(link.href);
    faults.push(...(await faultsOf(page, "confirm")));
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: /Good to see you/ }).waitFor();
    faults.push(...(await faultsOf(page, "home")));
    const invitation = await invite(page, south, `a-rather-long-address-of-somebody@${south.slug}.example`);
    faults.push(...(await faultsOf(page, "members")));
    const guest = await person();
    await guest.goto(invitation.href);
    faults.push(...(await faultsOf(guest, "accept")));
    await guest.goto(`${south.url}/members`);
    faults.push(...(await faultsOf(guest, "please-log-in")));
    await guest.goto(`${south.url}/login/${"x".repeat(43)}`);
    faults.push(...(await faultsOf(guest, "spent")));
    expect(faults).toEqual([]);
  });
});
