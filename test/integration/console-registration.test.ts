import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Page } from "playwright-core";
import { registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { startConsole, type ConsoleHarness } from "../harness/console.ts";

jest.setTimeout(180_000);

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;
const email = `kari-${suffix}@alto.example`;
const umbrella = `nordic-${suffix}`;

let platform: ConsoleHarness;
let association: ApiClient;

beforeAll(async () => {
  platform = await startConsole();
  association = anApiClient(platform.url);
  const more = { type: "umbrella", name: "Nordic Choirs" };
  await registerAndProve(platform.api, association, umbrella, `nina-${suffix}@nordic.example`, more);
});

afterAll(() => platform.stop());

const submit = (page: Page) => page.getByRole("button", { name: "Register", exact: true }).click();

const operatorSays: ConsoleHarness["operatorSays"] = (tenant, status) =>
  eventually("the Tenant takes a status", async () => {
    await platform.operatorSays(tenant, status);
    return true;
  }).then(() => undefined);

describe("O1, O5, O8: registering in the browser", () => {
  it("takes a name, finds an address for it, and leads through the mail to a vault that comes alive", async () => {
    const page = await platform.open("/register");
    await page.getByLabel("The choir's name").fill(`Alto ${suffix}`);
    await page.getByText(`${slug} is free.`).waitFor();
    await submit(page);
    await page.getByText("Write your name, with at most 200 characters.").waitFor();
    expect(await page.evaluate<string>("document.activeElement.autocomplete")).toBe("name");
    expect(await faultsOf(page, "register")).toEqual([]);
    await page.getByLabel("Your name").fill("Kari Nordmann");
    await page.getByLabel("Your mail address").fill(email);
    await submit(page);
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await page.reload();
    await page.getByText(email).waitFor();
    expect(await faultsOf(page, "register-sent")).toEqual([]);

    await page.goto(`${platform.url}/registrations/${await tokenInMail(platform.api, email, /Confirm/)}`);
    await page.getByRole("button", { name: "Confirm and go on" }).click();
    await page.getByText("Being prepared").waitFor();
    expect(await faultsOf(page, "onboarding-preparing")).toEqual([]);

    await operatorSays(slug, { phase: "Failed", progress: { step: 4, of: 9, current: "Database" } });
    await page.getByText("Did not succeed", { exact: true }).waitFor();
    expect(await faultsOf(page, "onboarding-failed")).toEqual([]);
    await page.reload();
    await page.getByRole("button", { name: "Try again now" }).click();
    await operatorSays(slug, { phase: "Active", url: `http://${slug}.vaults.test` });
    const open = page.getByRole("link", { name: "Open the vault" });
    await open.waitFor();
    expect(await open.getAttribute("href")).toBe(`http://${slug}.vaults.test`);
    expect(await faultsOf(page, "onboarding-live")).toEqual([]);

    await page.getByLabel("Mail addresses").fill(`ola-${suffix}@alto.example, Per`);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText("This is no mail address: Per").waitFor();
    await page.getByLabel("Mail addresses").fill(`ola-${suffix}@alto.example\nKari <per-${suffix}@alto.example>`);
    await page.getByRole("button", { name: "Invite 2 people" }).click();
    await page.getByText("2 invitations are on their way.").waitFor();
    await tokenInMail(platform.api, `per-${suffix}@alto.example`, /invites you/);
    await page.context().close();
  });

  it("says why an address cannot be had and offers others that can", async () => {
    const page = await platform.open("/register");
    const address = page.getByLabel("The vault's address");
    await address.fill(umbrella);
    await page.getByText("This one is taken. Choose another.").waitFor();
    expect(await faultsOf(page, "register-taken")).toEqual([]);
    await page.getByRole("button", { name: `${umbrella}-choir` }).click();
    await page.getByText(`${umbrella}-choir is free.`).waitFor();
    await address.fill("admin");
    await page.getByText("The platform keeps this one for itself.").waitFor();
    await address.fill("-");
    await page.getByText("Use 2 to 40 lower-case letters").waitFor();
    await page.context().close();
  });

  it("says whose invitation brings a choir, and makes it belong there", async () => {
    const asked = { umbrella, label: "Spring", mostUses: null };
    const { body } = await association.send("POST", "/api/affiliation-invitations", asked);
    const { pathname, search } = new URL(body["link"] as string);
    const page = await platform.open(pathname + search);
    await page.getByText("Nordic Choirs").waitFor();
    expect(await faultsOf(page, "register-invited")).toEqual([]);
    const [mail, own] = [`bo-${suffix}@bass.example`, `bass-${suffix}`];
    await page.getByLabel("The choir's name").fill(`Bass ${suffix}`);
    await page.getByText(`${own} is free.`).waitFor();
    await page.getByLabel("Your name").fill("Bo Bass");
    await page.getByLabel("Your mail address").fill(mail);
    await submit(page);
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await page.goto(`${platform.url}/registrations/${await tokenInMail(platform.api, mail, /Confirm/)}`);
    await page.getByRole("button", { name: "Confirm and go on" }).click();
    await page.waitForURL(`**/onboarding/${own}`);
    const seen = await association.get(`/api/organizations/${umbrella}/affiliations`);
    expect(seen.body["affiliated"]).toContainEqual(
      expect.objectContaining({ with: expect.objectContaining({ slug: own }) }),
    );
    await page.context().close();
  });

  it("can be called off by the owner while nobody has used the vault, with the address typed", async () => {
    const [own, client] = [`early-${suffix}`, anApiClient(platform.url)];
    await registerAndProve(platform.api, client, own, `eva-${suffix}@early.example`, { name: "Early Voices" });
    const page = await platform.open(`/onboarding/${own}`, client);
    await page.getByRole("button", { name: "Call off the registration" }).click();
    const dialog = page.getByRole("dialog", { name: "Call off Early Voices?" });
    await dialog.getByLabel(`Type ${own} to confirm`).fill(own);
    expect(await faultsOf(page, "onboarding-call-off")).toEqual([]);
    await dialog.getByRole("button", { name: "Call off the registration" }).click();
    await page.getByText("You belong to no organization yet").waitFor();
    expect((await client.get(`/api/organizations/${own}`)).status).toBe(404);
    await page.context().close();
  });

  it("can be done by keyboard only, in Norwegian", async () => {
    const page = await platform.open("/register", undefined, { locale: "nb-NO" });
    const own = `tenor-${suffix}`;
    await page.getByLabel("Korets navn").focus();
    await page.keyboard.type(`Tenor ${suffix}`);
    await page.getByText(`${own} er ledig.`).waitFor();
    for (const text of ["", "Tor Tenor", `tor-${suffix}@tenor.example`]) {
      await page.keyboard.press("Tab");
      await page.keyboard.type(text);
    }
    expect(await faultsOf(page, "register-nb")).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Se i innboksen" }).waitFor();
    await tokenInMail(platform.api, `tor-${suffix}@tenor.example`, /Bekreft/);
    await page.context().close();
  });
});
