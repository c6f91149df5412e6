import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { mailedPath } from "../contract/choir-probes.ts";
import { startChoirVault, type ChoirVault } from "../contract/choir-vault.ts";
import { templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import { started } from "../harness/started.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";

const owner = { email: "kari@choir.example", name: "Kari Nordmann" };
/** Set it to a folder to look at every page; nothing is kept otherwise. */
const screenshots = process.env["VAULT_SCREENSHOTS"];

let databases: TemplateDatabases;
let mail: MailCatcher;
let writable: ChoirVault;
let readOnly: ChoirVault;
let browser: Browser;

beforeAll(async () => {
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
  const base = { name: "Alto Ensemble — كورال 🎵", owner, smtpPort: mail.smtpPort };
  writable = await startChoirVault(await databases.create(), {
    ...base,
    vaultId: "33333333-3333-4333-8333-333333333333",
  });
  const lent = await databases.create();
  const before = await startChoirVault(lent, { ...base, vaultId: "44444444-4444-4444-8444-444444444444" });
  await before.vault.stop();
  await lent.grantWhenReadOnly();
  readOnly = await startChoirVault(lent, {
    ...base,
    vaultId: "44444444-4444-4444-8444-444444444444",
    access: "ReadOnly",
  });
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
});

afterAll(async () => {
  await browser.close();
  await Promise.all([writable.vault.stop(), readOnly.vault.stop()]);
  await databases.dropAll();
  await mail.stop();
});

const open = (javaScriptEnabled: boolean): Promise<BrowserContext> => browser.newContext({ javaScriptEnabled });

const logIn = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.getByLabel("Your mail address").fill(owner.email);
  await page.getByRole("button", { name: "Mail me a login link" }).click();
  await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
  await page.goto(url + (await mailedPath(mail.mailbox, owner.email)));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: /Good to see you/ }).waitFor();
};

const widths = [375, 1440];
const schemes = ["light", "dark"] as const;

/** Every form of the page at hand: nothing to find for axe, nothing wider than the screen. */
const lookAt = async (page: Page, name: string): Promise<void> => {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 900 });
      // Reduced motion: colours that are still changing are no finding.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const found = await new AxeBuilder({ page }).analyze();
      const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect([name, width, colorScheme, told]).toEqual([name, width, colorScheme, []]);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([name, width, overflow]).toEqual([name, width, 0]);
      if (screenshots !== undefined) {
        mkdirSync(screenshots, { recursive: true });
        await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
  }
};

describe("V1 the vault in a browser", () => {
  it("is used without JavaScript: log in, invite, accept, log out", async () => {
    const boss = await (await open(false)).newPage();
    await logIn(boss, writable.url);
    await boss.getByRole("link", { name: "Members", exact: true }).click();
    await boss.getByLabel("Mail address").fill("anna@choir.example");
    await boss.getByRole("button", { name: "Send the invitation" }).click();
    await boss.getByText("The invitation is on its way.").waitFor();
    const anna = await (await open(false)).newPage();
    await anna.goto(writable.url + (await mailedPath(mail.mailbox, "anna@choir.example")));
    await anna.getByLabel("Your name").fill("آنا <b>Anna</b> 👩🏽‍🎤");
    await anna.getByRole("button", { name: "Accept and log in" }).click();
    await anna.getByRole("heading", { name: "Good to see you, آنا <b>Anna</b> 👩🏽‍🎤" }).waitFor();
    await boss.reload();
    await boss.getByText("آنا <b>Anna</b> 👩🏽‍🎤").waitFor();
    await anna.getByRole("button", { name: "Log out" }).click();
    await anna.getByLabel("Your mail address").waitFor();
    await anna.goto(`${writable.url}/members`);
    await anna.getByRole("heading", { name: "Please log in" }).waitFor();
  });

  it("is accessible and fits, on a phone and on a desk, light and dark", async () => {
    const context = await open(true);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      // Pages of errors are answered with their status, which Chromium writes down too.
      if (message.type() === "error" && !message.text().includes("Failed to load resource"))
        complaints.push(message.text());
    });
    await page.goto(writable.url);
    await lookAt(page, "welcome");
    await page.getByLabel("Your mail address").fill(owner.email);
    await page.getByRole("button", { name: "Mail me a login link" }).click();
    await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
    await lookAt(page, "sent");
    await page.goto(writable.url + (await mailedPath(mail.mailbox, owner.email)));
    await lookAt(page, "confirm");
    await page.getByRole("button", { name: "Log in" }).click();
    await lookAt(page, "home");
    await page.goto(`${writable.url}/members`);
    await page.getByLabel("Mail address").fill("a-rather-long-address-of-somebody@choir-with-a-long-name.example");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await lookAt(page, "members");
    const guest = await (await open(true)).newPage();
    await guest.goto(
      writable.url +
        (await mailedPath(mail.mailbox, "a-rather-long-address-of-somebody@choir-with-a-long-name.example")),
    );
    await lookAt(guest, "accept");
    await page.goto(`${writable.url}/nowhere`);
    await lookAt(page, "not-found");
    await page.goto(`${writable.url}/login/${"x".repeat(43)}`);
    await lookAt(page, "spent");
    expect(complaints).toEqual([]);
  });

  it("V6: shows a banner while read-only, offers no writes, and says why one is refused", async () => {
    const page = await (await open(true)).newPage();
    await logIn(page, readOnly.url);
    await page.getByText("This vault is read-only for now.").waitFor();
    await lookAt(page, "read-only");
    await page.goto(`${readOnly.url}/members`);
    await page.getByText("Nobody can be invited while the vault is read-only.").waitFor();
    expect(await page.getByRole("button").allTextContents()).toEqual(["Log out"]);
    // Somebody whose page was opened before the vault became read-only still presses the button.
    await page.evaluate("document.querySelector('form').action = '/invitations'");
    await page.evaluate(
      "document.querySelector('form').insertAdjacentHTML('beforeend', '<input name=email value=b@c.example><input name=role value=member>')",
    );
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "This vault is read-only" }).waitFor();
  });

  it("shows caught mails in an inbox that is accessible too", async () => {
    const inbox = `http://127.0.0.1:${mail.httpPort}/`;
    mail.mailbox.clear();
    const page = await (await open(true)).newPage();
    await page.goto(inbox);
    await lookAt(page, "inbox-empty");
    const visitor = await (await open(false)).newPage();
    await visitor.goto(writable.url);
    await visitor.getByLabel("Your mail address").fill(owner.email);
    await visitor.getByRole("button", { name: "Mail me a login link" }).click();
    // Comes by itself, without a reload.
    await page.getByText("Log in to Alto Ensemble").click();
    await page.getByTitle("The mail as HTML").waitFor();
    // No script runs in the mail's frame, not even axe's.
    await page.evaluate("document.querySelector('iframe').remove()");
    await lookAt(page, "inbox-mail");
    await page.reload();
    const link = page.frameLocator("iframe").getByRole("link", { name: "Log in", exact: true });
    const [opened] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
    await opened.getByRole("heading", { name: "Welcome, Kari Nordmann" }).waitFor();
    await page.goto(inbox);
    await lookAt(page, "inbox");
  });
});
