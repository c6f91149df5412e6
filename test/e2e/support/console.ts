import type { Browser, Locator, Page } from "playwright-core";
import { consoleUrl } from "../../../demo/chart-values.ts";
import type { Demo } from "./demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";
import { mailedLink, mailsTo, type Message } from "./inbox.ts";
import type { Tenants } from "./tenants.ts";

/** A browser of one person, in their language, with cookies of its own. */
export const personIn = async (browser: Browser, language: "en-GB" | "nb-NO" = "en-GB"): Promise<Page> =>
  (await browser.newContext({ locale: language })).newPage();

/** Goes to what was asked for with Tab alone, as who has no mouse does. @throws Error when it cannot be reached */
export const tabTo = async (page: Page, wanted: Locator): Promise<void> => {
  await wanted.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await wanted.and(page.locator(":focus")).count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${String(wanted)}`);
};

/** Waits for a mail to an address with such a subject. */
export const mailAbout = (address: string, subject: RegExp): Promise<Message> =>
  eventually(`a mail to ${address} about ${String(subject)}`, async () =>
    (await mailsTo(address)).find((mail) => subject.test(mail.subject)),
  );

/** Logs in to the console by a mailed link, and comes to `path`. */
export const logInTo = async (page: Page, address: string, path: string): Promise<void> => {
  const seen = (await mailsTo(address)).length;
  await page.goto(`${consoleUrl}/login?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Your mail address").fill(address);
  await page.getByRole("button", { name: "Mail me a login link" }).click();
  await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
  await page.goto((await mailedLink(address, seen)).href);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`**${path}`);
};

/** Closes an organization by the API, in its owner's browser. */
const close = (page: Page, slug: string): Promise<unknown> =>
  page.evaluate(`(async () => {
    const { csrfToken } = await (await fetch("/api/me")).json();
    const headers = { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" };
    const body = JSON.stringify({ confirm: ${JSON.stringify(slug)} });
    return (await fetch("/api/organizations/${slug}/closing", { method: "POST", headers, body })).status;
  })()`);

/** Closes organizations, each in its owner's browser, and waits until nothing of their vaults is left. */
export const closeAll = async (demo: Demo, tenants: Tenants, owners: ReadonlyMap<string, Page>): Promise<void> => {
  for (const [slug, page] of owners) {
    // What is made for a test is not kept, and the operator need not ask about it.
    await demo.kubectl(["patch", "tenant", slug, "--type=merge", "--patch", '{"spec":{"retention":"0s"}}']);
    await demo.kubectl(["annotate", "tenant", slug, "--overwrite", "polyphony.dev/deletion=approved"]);
    await page.goto(`${consoleUrl}/dashboard`);
    const status = await close(page, slug);
    if (status !== 202) throw new Error(`${slug} was not closed: ${String(status)}`);
  }
  await tenants.remove(...owners.keys());
};
