import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { ensureTools } from "../../../cluster/ensure-tools.ts";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** Debian's Chromium, in a profile of its own; it finds `*.localhost` by itself. */
export const openBrowser = async (): Promise<Browser> => {
  const executablePath = (await ensureTools(["browser"]))("chromium");
  return chromium.launch({ executablePath, args: flags });
};

const widths = [375, 1440];
const schemes = ["light", "dark"] as const;

/** Set it to a folder to keep a picture of every page. */
const pictures = process.env["E2E_SCREENSHOTS"];

/** What is wrong with a page as people see it, on a phone and on a desk, light and dark; empty when nothing is. */
export const faultsOf = async (page: Page, name: string): Promise<string[]> => {
  const faults: string[] = [];
  for (const width of widths) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 900 });
      // Reduced motion: colours that are still changing are no finding.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const where = `${name} at ${width} px, ${colorScheme}`;
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations)
        faults.push(`${where}: ${id}: ${nodes.map((node) => node.html).join(" ")}`);
      const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      if (overflow > 0) faults.push(`${where}: ${overflow} px wider than the screen`);
      // UTF-8 that was read as Latin-1 somewhere on its way.
      const garbled = /[ÂÃâ][\u0080-\u00bf].*/.exec(`${await page.title()} ${await page.innerText("body")}`);
      if (garbled) faults.push(`${where}: garbled: ${garbled[0]}`);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
  }
  return faults;
};
