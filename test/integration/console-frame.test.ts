import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Page } from "playwright-core";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { startConsole, type ConsoleHarness } from "../harness/console.ts";

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;

let platform: ConsoleHarness;
let kari: ApiClient;

beforeAll(async () => {
  platform = await startConsole();
  kari = anApiClient(platform.url);
  await registerAndProve(platform.api, kari, slug, `kari-${suffix}@alto.example`, { name: "Alto Ensemble" });
});

afterAll(() => platform.stop());

/** A code as the command line shows it. */
const deviceCode = async (): Promise<string> => {
  const body = new URLSearchParams({ client_id: "polyphony-cli", scope: "openid offline_access api" });
  const answer = await fetch(`${platform.url}/oidc/device`, { method: "POST", body });
  return ((await answer.json()) as { user_code: string }).user_code;
};

describe("I6: the pages that let the command line in", () => {
  const enter = async (page: Page, code: string): Promise<void> => {
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Continue" }).click();
  };

  it("ask for a code, for a yes and say that it is done, and axe finds nothing on any of them", async () => {
    const page = await platform.open("/device", kari);
    await page.getByText("Type the code that your terminal shows.").waitFor();
    expect(await faultsOf(page, "device-ask")).toEqual([]);
    await enter(page, "XXXX-XXXX");
    await page.getByRole("heading", { name: "There is no such code" }).waitFor();
    expect(await faultsOf(page, "device-unknown")).toEqual([]);
    await enter(page, await deviceCode());
    await page.getByText("Then it will be logged in as you:").waitFor();
    expect(await faultsOf(page, "device-confirm")).toEqual([]);
    await page.getByRole("button", { name: "Yes, log it in" }).click();
    await page.getByText("Go back to your terminal").waitFor();
    expect(await faultsOf(page, "device-done")).toEqual([]);
    await page.context().close();
  });

  it("say what to do when the code has expired", async () => {
    const page = await platform.open("/device", kari);
    const code = await deviceCode();
    // The provider reads this clock itself: there is none to hand to it.
    const now = Date.now;
    const clock = jest.spyOn(Date, "now").mockImplementation(() => now() + 15 * 60_000);
    await enter(page, code)
      .then(() => page.getByRole("heading", { name: "This code has expired" }).waitFor())
      .finally(() => clock.mockRestore());
    await page.getByText("Run polyphony login again, and type the code that it shows then.").waitFor();
    expect(await faultsOf(page, "device-expired")).toEqual([]);
    await enter(page, await deviceCode());
    await page.getByRole("button", { name: "Yes, log it in" }).waitFor();
    await page.context().close();
  });
});

describe("I6: a vault's login that took too long", () => {
  it.each([
    { locale: "en-GB", title: "That took too long", next: /choose to log in with Polyphony again/ },
    { locale: "nb-NO", title: "Det tok for lang tid", next: /velg igjen å logge inn med Polyphony/ },
  ])("is told on a page, in $locale, with what to do next", async ({ locale, title, next }) => {
    const page = await platform.open("/oidc/logins/long-over", undefined, { locale });
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByText(next).waitFor();
    expect(await faultsOf(page, `login-expired-${locale}`)).toEqual([]);
    await page.context().close();
  });
});

describe("the console's frame", () => {
  it("lets axe find nothing on its start page, on phone and desk, light and dark", async () => {
    const page = await platform.open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await faultsOf(page, "start")).toEqual([]);
    await page.context().close();
  });

  it("runs under a policy without inline scripts, and nothing on it is refused", async () => {
    const page = await platform.open("/mark.svg");
    const refused: string[] = [];
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
    const answer = await page.goto(`${platform.url}/`);
    const policy = (await answer?.headerValue("content-security-policy")) ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain("unsafe");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(refused).toEqual([]);
    await page.context().close();
  });

  it("leads to any of its pages by address, and says so when there is none", async () => {
    const page = await platform.open("/no/such/page");
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect((await fetch(`${platform.url}/api/none`, { headers: { Accept: "text/html" } })).status).toBe(404);
    expect((await fetch(`${platform.url}/assets/none.js`, { headers: { Accept: "text/html" } })).status).toBe(404);
    await page.context().close();
  });

  it("sends its code compressed to those who take it, and the same code to others", async () => {
    const index = await (await fetch(platform.url, { headers: { Accept: "text/html" } })).text();
    const [path = ""] = /\/assets\/[\w-]+\.js/.exec(index) ?? [];
    const [short, plain] = await Promise.all(
      ["br", "identity"].map((encoding) => fetch(platform.url + path, { headers: { "Accept-Encoding": encoding } })),
    );
    expect(short?.headers.get("content-encoding")).toBe("br");
    expect(plain?.headers.get("content-encoding")).toBeNull();
    expect(short?.headers.get("content-type")).toBe(plain?.headers.get("content-type"));
    expect(short?.headers.get("cache-control")).toContain("immutable");
    expect(await short?.text()).toBe(await plain?.text());
  });

  it("loads only the pages and words of where somebody goes", async () => {
    const page = await platform.open("/mark.svg");
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(`${platform.url}/register`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const folders = loaded.flatMap((path) => /^\/assets\/(\w+)-pages-[\w-]+\.js$/.exec(path)?.[1] ?? []);
    expect(folders).toEqual(["register"]);
    await page.context().close();
  });

  it("loads itself anew when a part of it cannot be had, and says so when that does not help", async () => {
    const page = await platform.open("/mark.svg");
    let loads = 0;
    let missing = 1;
    page.on("framenavigated", () => (loads += 1));
    await page.route(/register-pages-.*\.js/, (route) => (loads <= missing ? route.abort() : route.continue()));
    await page.goto(`${platform.url}/register`);
    await page.getByRole("heading", { name: "Register your organization" }).waitFor();
    expect(loads).toBe(2);
    missing = Number.POSITIVE_INFINITY;
    await page.reload();
    await page.getByRole("heading", { name: "This page has stopped" }).waitFor();
    await page.context().close();
  });

  it("speaks Norwegian to a Norwegian browser, and the language that is chosen from then on", async () => {
    const page = await platform.open("/", undefined, { locale: "nb-NO" });
    await page.getByRole("heading", { name: "Et hvelv for dere selv" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("nb");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "A vault of your own" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "A vault of your own" }).waitFor();
    await page.context().close();
  });

  it("tells a Norwegian in Norwegian what the API refuses, at the field and for the whole", async () => {
    const page = await platform.open(`/dashboard/org/${slug}/members`, kari, { locale: "nb-NO" });
    const send = page.getByRole("button", { name: "Send invitasjonen" });
    await page.getByLabel("E-postadresse").fill("ingen adresse");
    await send.click();
    await page.getByText("Skriv én e-postadresse, for eksempel kari@alto-ensemble.example.").waitFor();
    await page.getByLabel("E-postadresse").fill(`kari-${suffix}@alto.example`);
    await send.click();
    await page.getByRole("alert", { name: "Det gikk ikke" }).waitFor();
    await page.getByText("Noen med denne adressen er allerede medlem.").waitFor();
    await page.context().close();
  });

  it("keeps the colours that were chosen", async () => {
    const page = await platform.open("/", undefined, { colorScheme: "light" });
    await page.getByRole("button", { name: "Use dark colours" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Use light colours" }).waitFor();
    expect(await page.evaluate<string>("getComputedStyle(document.body).backgroundColor")).toBe("rgb(18, 21, 28)");
    await page.context().close();
  });

  it("lets a member switch organizations by keyboard only", async () => {
    const page = await platform.open("/", kari);
    await page.getByRole("button", { name: "Choose an organization" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: /Alto Ensemble/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/dashboard/org/${slug}`);
    await page.context().close();
  });
});
