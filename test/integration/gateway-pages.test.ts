import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { chromium, type Browser } from "playwright-core";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { aRoute, backendAt, startGateway, type GatewayUnderTest } from "../../gateway/testing/gateway-under-test.ts";

const flags =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

let browser: Browser;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  const tools = await ensureTools(["browser"]);
  browser = await chromium.launch({ executablePath: tools("chromium"), args: flags.split(" ") });
  gateway = await startGateway({ CONNECT_PATIENCE_MS: "50" });
  const organization = "Kammerkoret Ære og Østavinden fra Sør-Trøndelag";
  const progress = { step: 3, of: 9, current: "GoldenTemplate" };
  const message = "The database server main is full: 1,000 of 1,000 databases.";
  gateway.table.set(aRoute("preparing", { phase: "Provisioning", organization, progress }));
  gateway.table.set(aRoute("failed", { phase: "Failed", organization, message }));
  gateway.table.set(aRoute("suspended", { phase: "Suspended", organization, suspendedFor: message }));
  gateway.table.set(aRoute("resting", { phase: "Suspended", organization }));
  gateway.table.set(aRoute("asleep", { phase: "Hibernated", organization }));
  gateway.table.set(aRoute("deleting", { phase: "Deleting", organization }));
  gateway.table.set(aRoute("down", { organization, backend: backendAt(1) }));
});

afterAll(async () => {
  await browser.close();
  await gateway.stop();
});

const hosts = [
  "",
  "nobody-".repeat(8) + "nobody.",
  "preparing.",
  "failed.",
  "suspended.",
  "resting.",
  "asleep.",
  "deleting.",
  "down.",
];
const looks = [
  { colorScheme: "light", width: 375 },
  { colorScheme: "dark", width: 375 },
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 1440 },
] as const;

/** Some pages load themselves again after three seconds; on a busy machine that may be in the middle of a look. */
const undisturbed = async <T>(look: () => Promise<T>): Promise<T> => {
  for (let left = 5; ; left -= 1) {
    try {
      return await look();
    } catch (error) {
      if (left === 0 || !/navigation|context was destroyed/i.test(String(error))) throw error;
    }
  }
};

describe("N1: the gateway's pages in Chromium", () => {
  it.each(looks)(
    "are readable by everybody: $colorScheme, $width px",
    async ({ colorScheme, width }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const refused: string[] = [];
      page.on("console", (line) => {
        if (/Content Security Policy/.test(line.text())) refused.push(line.text());
      });
      for (const host of hosts) {
        const seen = await undisturbed(async () => {
          await page.goto(`http://${host}polyphony.localhost:${gateway.port}/`);
          const { violations } = await new AxeBuilder({ page }).analyze();
          return {
            violations: violations.map(({ id }) => id),
            fits: await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
            // The style sheet was let through by the policy that lets nothing else through.
            corners: await page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius"),
          };
        });
        expect({ host, ...seen }).toEqual({ host, violations: [], fits: true, corners: "16px" });
      }
      expect(refused).toEqual([]);
      await context.close();
    },
    60_000,
  );

  it("looks again by itself and gives way to the vault when it is there", async () => {
    const page = await browser.newPage();
    await page.goto(`http://preparing.polyphony.localhost:${gateway.port}/`);
    expect(await page.textContent("h1")).toBe("Your vault is being prepared");
    gateway.table.set(aRoute("preparing", { phase: "Suspended" }));
    await page.waitForSelector("text=This vault is suspended");
    await page.close();
  });
});
