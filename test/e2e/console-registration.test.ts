import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { consoleUrl, firstAdmin } from "../../demo/chart-values.ts";
import { nordicChoirs } from "../../demo/organizations.ts";
import { openBrowser } from "./support/browser.ts";
import { closeAll, logInTo, mailAbout, personIn, tabTo } from "./support/console.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { createTenants, randomSlug, tenantManifest, type Tenants } from "./support/tenants.ts";

jest.setTimeout(240_000);

const organization = (stem: string, name: string, person: string) => {
  const slug = randomSlug(stem);
  return { slug, name, person, email: `owner@${slug}.example`, dashboard: `/dashboard/org/${slug}` };
};
type Organization = ReturnType<typeof organization>;
const umbrella = organization("umbrella", "Fjord Choirs", "Ola Nordmann");
const collective = organization("kor", "Sør-Trøndelag Damekor", "Siri Åsen");
const unlucky = organization("unlucky", "Bass Club", "Per Bass");

/** A vault comes alive within it, also on a machine that has much to do. */
const alive = { timeout: 120_000 };

let demo: Demo;
let tenants: Tenants;
let browser: Browser;
/** Whose browser closes what was registered. */
const owners = new Map<string, Page>();

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  browser = await openBrowser();
});
afterAll(async () => {
  await closeAll(demo, tenants, owners);
  await tenants.removeAll();
  await browser.close();
  demo.close();
});

const goToLink = async (page: Page, { email }: Organization, subject: RegExp): Promise<void> => {
  const { text } = await mailAbout(email, subject);
  await page.goto(/^https?:\/\/\S+$/m.exec(text)?.[0] ?? "");
};

const inDashboard = async ({ slug, dashboard, name }: Organization): Promise<Page> => {
  const page = owners.get(slug);
  if (!page) throw new Error(`${slug} was not registered`);
  await page.goto(consoleUrl + dashboard);
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return page;
};

describe("from a registration to a live vault, in the browser", () => {
  it("O1 O5 O6: an umbrella registers by keyboard only, proves its mail, and opens its vault", async () => {
    const page = await personIn(browser);
    await page.goto(`${consoleUrl}/register`);
    await tabTo(page, page.getByRole("radio", { name: "A choir" }));
    await page.keyboard.press("ArrowDown");
    const typed = async (label: string, text: string): Promise<void> => {
      await tabTo(page, page.getByLabel(label));
      // What is suggested from the name is typed over.
      await page.keyboard.press("Control+A");
      await page.keyboard.type(text);
    };
    await typed("The association's name", umbrella.name);
    await typed("The vault's address", umbrella.slug);
    await page.getByText(`${umbrella.slug} is free.`).waitFor();
    await typed("Your name", umbrella.person);
    await typed("Your mail address", umbrella.email);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await goToLink(page, umbrella, /^Confirm/);
    owners.set(umbrella.slug, page);
    await tabTo(page, page.getByRole("button", { name: "Confirm and go on" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Welcome, ${umbrella.name}` }).waitFor();
    await page.reload();
    const open = page.getByRole("link", { name: "Open the vault" });
    await open.waitFor(alive);
    await tabTo(page, open);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${vaultUrl(umbrella.slug)}/**`);
    await page.getByRole("heading", { level: 1, name: umbrella.name }).waitFor();
    await mailAbout(umbrella.email, /^The vault of Fjord Choirs/);
  });

  it("O3: a collective registers in Norwegian by the umbrella's invitation link, and belongs to it at once", async () => {
    const steering = await inDashboard(umbrella);
    await steering.getByRole("button", { name: "Make a link" }).click();
    await steering.getByRole("dialog").getByRole("button", { name: "Make a link" }).click();
    const link = await steering.locator("output").innerText();

    const page = await personIn(browser, "nb-NO");
    await page.goto(link);
    await page.getByText(`Du kommer med en invitasjon fra ${umbrella.name}`).waitFor();
    await page.getByLabel("Korets navn").fill(collective.name);
    await page.getByLabel("Hvelvets adresse").fill(collective.slug);
    await page.getByText(`${collective.slug} er ledig.`).waitFor();
    await page.getByLabel("Navnet ditt").fill(collective.person);
    await page.getByLabel("E-postadressen din").fill(collective.email);
    await page.getByRole("button", { name: "Registrer" }).click();
    await page.getByRole("heading", { name: "Se i innboksen" }).waitFor();
    await goToLink(page, collective, /^Bekreft/);
    owners.set(collective.slug, page);
    await page.getByRole("button", { name: "Bekreft og gå videre" }).click();
    await page.getByRole("heading", { name: `Velkommen, ${collective.name}` }).waitFor();
    await page.getByRole("link", { name: "Åpne hvelvet" }).waitFor(alive);
    await mailAbout(collective.email, /^Hvelvet til Sør-Trøndelag Damekor/);

    await mailAbout(umbrella.email, /has joined Fjord Choirs/);
    await inDashboard(umbrella);
    await steering.getByRole("list", { name: "Affiliated collectives" }).getByText(collective.name).waitFor();
  });

  it("O3 O4: it asks a second umbrella, which approves, and leaves the first", async () => {
    const page = await inDashboard(collective);
    await page.getByLabel("Adresse eller invitasjonslenke").fill(nordicChoirs.slug);
    await page.getByLabel("Melding (valgfritt)").fill("Vi synger gjerne hos dere.");
    await page.getByRole("button", { name: "Be om å bli med" }).click();
    await page.getByText(`${nordicChoirs.name} er spurt.`).waitFor();

    const ingrid = await personIn(browser);
    await logInTo(ingrid, nordicChoirs.contact.email, `/dashboard/org/${nordicChoirs.slug}`);
    await ingrid.getByText("Vi synger gjerne hos dere.").waitFor();
    await ingrid.getByRole("button", { name: `Approve ${collective.name}` }).click();
    await ingrid.getByRole("list", { name: "Affiliated collectives" }).getByText(collective.name).waitFor();
    await ingrid.context().close();

    await page.reload();
    await page.getByRole("button", { name: `Meld ut av ${nordicChoirs.name}` }).waitFor();
    await page.getByRole("button", { name: `Meld ut av ${umbrella.name}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill(umbrella.slug);
    await dialog.getByRole("button", { name: "Meld ut" }).click();
    await page.getByRole("button", { name: `Meld ut av ${umbrella.name}` }).waitFor({ state: "detached" });
    await mailAbout(umbrella.email, /has left Fjord Choirs/);
  });

  it("O3: it asks the first one again, and is rejected with a reason that it reads", async () => {
    const page = await inDashboard(collective);
    await page.getByLabel("Adresse eller invitasjonslenke").fill(umbrella.slug);
    await page.getByRole("button", { name: "Be om å bli med" }).click();
    await page.getByText(`${umbrella.name} er spurt.`).waitFor();

    const steering = await inDashboard(umbrella);
    await steering.getByRole("button", { name: `Reject ${collective.name}` }).click();
    await steering.getByLabel("Why (optional)").fill("Choose one of the two.");
    await steering.getByRole("button", { name: `Reject ${collective.name}` }).click();
    await steering.getByRole("heading", { name: "Requests to join" }).waitFor({ state: "detached" });

    await page.reload();
    await page.getByText("Choose one of the two.").waitFor();
    await page.getByText("Avslått", { exact: true }).waitFor();
  });
});

describe("a vault that cannot be made", () => {
  it("A1 A6 O5: fails with a reason for staff and a plain one for its owner; staff mend it, try again, and it lives", async () => {
    const page = await personIn(browser);
    await page.goto(`${consoleUrl}/register`);
    await page.getByLabel("The choir's name").fill(unlucky.name);
    await page.getByLabel("The vault's address").fill(unlucky.slug);
    await page.getByLabel("Your name").fill(unlucky.person);
    await page.getByLabel("Your mail address").fill(unlucky.email);
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    // Meanwhile somebody takes the name by hand, for a vault with a plan that is not there.
    await tenants.apply(tenantManifest(unlucky.slug, { plan: "no-such-plan" }));
    await goToLink(page, unlucky, /^Confirm/);
    owners.set(unlucky.slug, page);
    await page.getByRole("button", { name: "Confirm and go on" }).click();
    await page.getByText("A step failed").waitFor(alive);
    await inDashboard(unlucky);
    await page.getByText("The vault's address is not free yet.").waitFor();

    const staff = await personIn(browser);
    await logInTo(staff, firstAdmin.email, "/admin");
    await staff.getByText(/\d+ vaults? failed\./).waitFor();
    await staff.getByRole("link", { name: "Look at the queue" }).click();
    const reason = `The Tenant "${unlucky.slug}" belongs to the organization org_${unlucky.slug}; it is left alone.`;
    await staff.getByText(reason).first().waitFor();
    await mailAbout(firstAdmin.email, new RegExp(unlucky.name));
    await tenants.remove(unlucky.slug);
    await staff.getByRole("button", { name: `Try again: ${unlucky.name}` }).click();
    await staff.getByText(`${unlucky.name} is tried again now.`).waitFor();

    await page.getByRole("link", { name: "Open the vault" }).waitFor(alive);
    await staff.goto(`${consoleUrl}/admin/tenants/${unlucky.slug}`);
    for (const entry of ["Vault: Failed", "Tried again", "Vault: Active"])
      await staff.getByText(entry, { exact: true }).first().waitFor();
    expect(await staff.getByRole("link", { name: "Open the vault" }).getAttribute("href")).toBe(vaultUrl(unlucky.slug));
  });
});
