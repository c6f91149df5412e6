import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { BrowserContextOptions, Page } from "playwright-core";
import { aRegistration, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { startConsole, type ConsoleHarness } from "../harness/console.ts";

jest.setTimeout(180_000);

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;
const email = `kari-${suffix}@alto.example`;

let platform: ConsoleHarness;
let kari: ApiClient;

/** A page of a browser that runs no scripts. */
const open = (path: string, client?: ApiClient, options: BrowserContextOptions = {}): Promise<Page> =>
  platform.open(path, client, { javaScriptEnabled: false, ...options });

beforeAll(async () => {
  platform = await startConsole();
  kari = anApiClient(platform.url);
  await registerAndProve(platform.api, kari, slug, email, { name: "Alto <b>Ensemble</b> كورال" });
});

afterAll(() => platform.stop());

/** axe is a script: it looks at the same document in a browser that runs some. */
const faultsIn = async (page: Page, name: string): Promise<string[]> => {
  const context = await platform.browser.newContext();
  const twin = await context.newPage();
  await twin.goto(`${platform.url}/login`);
  await twin.setContent(await page.content());
  const faults = await faultsOf(twin, name);
  await context.close();
  return faults;
};

const askForLink = async (page: Page): Promise<string> => {
  await page.getByLabel("Your mail address").fill(email);
  await page.getByRole("button", { name: "Mail me a login link" }).click();
  await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
  return `/login/${await tokenInMail(platform.api, email, /Log in/)}`;
};

describe("I1: logging in without JavaScript", () => {
  it("asks for a link, opens it in the same browser and comes back to where it was wanted", async () => {
    const page = await open(`/login?next=/status/${slug}`);
    expect(await faultsIn(page, "login")).toEqual([]);
    const link = await askForLink(page);
    expect(await faultsIn(page, "check-mail")).toEqual([]);
    await page.goto(platform.url + link);
    expect(await faultsIn(page, "login-link")).toEqual([]);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(`**/status/${slug}`);
    await page.goto(platform.url + link);
    await page.getByRole("heading", { name: "This link was used" }).waitFor();
    await page.context().close();
  });

  it("asks for the six digits in another browser, and counts wrong ones", async () => {
    platform.api.mails.clear();
    const page = await open("/login");
    const link = await askForLink(page);
    const code = (await page.locator(".digits").innerText()).replace(/\D/g, "");
    const other = await open(link);
    await other.getByRole("heading", { name: "Type the code" }).waitFor();
    const wrong = code === "000000" ? "111111" : "000000";
    await other.getByLabel("The six digits").fill(wrong);
    await other.getByRole("button", { name: "Log in" }).click();
    await other.getByRole("alert").getByText("That is not the code").waitFor();
    expect(await faultsIn(other, "login-code")).toEqual([]);
    await other.getByLabel("The six digits").fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await other.getByRole("button", { name: "Log in" }).click();
    await other.waitForURL(`${platform.url}/`);
    await Promise.all([page, other].map((one) => one.context().close()));
  });

  it("answers alike for addresses that nobody has, and refuses what is no address", async () => {
    const page = await open("/login");
    await page.getByLabel("Your mail address").fill(`nobody-${suffix}@alto.example`);
    await page.getByRole("button", { name: "Mail me a login link" }).click();
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await page.goto(`${platform.url}/login`);
    await page.getByLabel("Your mail address").fill("kari@nowhere");
    await page.getByLabel("Your mail address").press("Enter");
    await page.getByRole("alert").waitFor();
    await page.context().close();
  });

  it("does not spend a link by a GET, takes no form from another site, and sends nobody away", async () => {
    platform.api.mails.clear();
    const page = await open("/login?next=https://evil.example/");
    expect(await page.locator("input[name=next]").getAttribute("value")).toBe("/");
    const link = await askForLink(page);
    await fetch(platform.url + link);
    const cookies = await page.context().cookies();
    const headers = {
      Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      "Content-Type": "application/x-www-form-urlencoded",
    };
    const send = (more: object, body: string) =>
      fetch(platform.url + link, { method: "POST", headers: { ...headers, ...more }, body, redirect: "manual" });
    expect((await send({}, "")).status).toBe(403);
    await page.goto(platform.url + link);
    const token = (await page.locator("input[name=_token]").getAttribute("value")) ?? "";
    expect((await send({ Origin: "https://evil.example" }, `_token=${token}`)).status).toBe(403);
    expect((await send({ Cookie: "" }, `_token=${token}`)).status).toBe(403);
    expect((await send({ Origin: platform.url }, `_token=${token}`)).status).toBe(303);
    await page.context().close();
  });

  it("logs out by a button, never by a GET", async () => {
    const client = anApiClient(platform.url);
    await registerAndProve(platform.api, client, `out-${suffix}`, `out-${suffix}@alto.example`);
    const page = await open("/logout", client);
    expect(await faultsIn(page, "logout")).toEqual([]);
    await page.reload();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "You are logged out" }).waitFor();
    expect((await client.get("/api/me")).status).toBe(401);
    await page.context().close();
  });
});

describe("O1, O5: from the mail to the vault without JavaScript", () => {
  const own = `bass-${suffix}`;
  const mail = `ola-${suffix}@bass.example`;

  it("shows what was registered, makes it by a press, and shows the steps until the vault is there", async () => {
    const name = "Bass <script>alert(1)</script>";
    await anApiClient(platform.url).send("POST", "/api/registrations", aRegistration(own, mail, { name }));
    const token = await tokenInMail(platform.api, mail, /Confirm/);
    const page = await open(`/registrations/${token}`);
    await page.getByText(name).waitFor();
    expect(await faultsIn(page, "registration-landing")).toEqual([]);
    await page.getByRole("button", { name: "Confirm and go on" }).click();
    await page.waitForURL(`**/status/${own}`);
    await page.getByRole("heading", { name: "The vault is being prepared" }).waitFor();
    expect(await faultsIn(page, "status-preparing")).toEqual([]);
    await eventually("the Tenant", async () => {
      await platform.operatorSays(own, { phase: "Failed", progress: { step: 4, of: 9, current: "Database" } });
      return true;
    });
    await page.getByRole("heading", { name: "A step did not succeed" }).waitFor();
    expect(await faultsIn(page, "status-failed")).toEqual([]);
    await page.getByRole("button", { name: "Try again now" }).click();
    await platform.operatorSays(own, { phase: "Active", url: `http://${own}.vaults.test` });
    await eventually("the vault is shown", async () => {
      await page.goto(`${platform.url}/status/${own}`);
      return page.getByRole("link", { name: "Open the vault" }).isVisible();
    });
    expect(await page.getByRole("link", { name: "Open the vault" }).getAttribute("href")).toBe(
      `http://${own}.vaults.test`,
    );
    expect(await faultsIn(page, "status-live")).toEqual([]);
    await page.goto(`${platform.url}/registrations/${token}`);
    await page.waitForURL(`**/status/${own}`);
    await page.context().close();
  });

  it("shows a vault's steps to its members only", async () => {
    const stranger = await open(`/status/${slug}`);
    await stranger.waitForURL(/\/login\?next=/);
    const client = anApiClient(platform.url);
    await registerAndProve(platform.api, client, `none-${suffix}`, `none-${suffix}@alto.example`);
    const other = await open(`/status/${slug}`, client);
    await other.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    await Promise.all([stranger, other].map((one) => one.context().close()));
  });
});

describe("O2: an invitation without JavaScript", () => {
  it("says to what and as what, takes a name, and makes a member", async () => {
    const guest = `per-${suffix}@alto.example`;
    await kari.send("POST", `/api/organizations/${slug}/invitations`, { email: guest, role: "viewer" });
    const page = await open(`/invitations/${await tokenInMail(platform.api, guest, /invites you/)}`);
    const here = page.url();
    await page.getByText("Alto <b>Ensemble</b> كورال").waitFor();
    expect(await faultsIn(page, "invitation-landing")).toEqual([]);
    await page.getByLabel("Your name").fill("   ");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Your name").fill("Per Spelmann");
    await page.getByRole("button", { name: "Join" }).click();
    await page.waitForURL(`**/status/${slug}`);
    const { body } = await kari.get(`/api/organizations/${slug}/members`);
    expect(body.items).toContainEqual(expect.objectContaining({ email: guest, name: "Per Spelmann", role: "viewer" }));
    await page.goto(here);
    await page.getByRole("heading", { name: "This invitation is not open any more" }).waitFor();
    await page.context().close();
  });
});

describe("the pages without JavaScript", () => {
  it("speak Norwegian to a Norwegian browser, and the language that is chosen", async () => {
    const page = await open("/login?next=/account", undefined, { locale: "nb-NO" });
    await page.getByRole("heading", { name: "Logg inn" }).waitFor();
    expect(await faultsIn(page, "login-nb")).toEqual([]);
    await page.getByRole("link", { name: "English" }).click();
    await page.waitForURL("**/login?next=/account");
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await page.context().close();
  });

  it("can be used by keyboard only", async () => {
    const page = await open("/login");
    for (let press = 0; press < 3; press++) await page.keyboard.press("Tab");
    await page.keyboard.type(email);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await page.context().close();
  });

  it("say what is wrong with a link that nobody was sent", async () => {
    for (const path of ["login", "registrations", "invitations"]) {
      const page = await open(`/${path}/${"x".repeat(43)}`);
      await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
      await page.context().close();
    }
  });
});
