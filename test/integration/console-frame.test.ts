import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { startConsole, type ConsoleHarness } from "../harness/console.ts";

jest.setTimeout(60_000);

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;

let platform: ConsoleHarness;
let kari: ApiClient;

beforeAll(async () => {
  platform = await startConsole();
  kari = anApiClient(platform.url);
  await registerAndProve(platform.api, kari, slug, `kari-${suffix}@alto.example`, { name: "Alto Ensemble" });
}, 120_000);

afterAll(() => platform.stop());

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
