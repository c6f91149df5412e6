import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { startTestServices } from "../harness/test-services.ts";
import { type Installation, startInstallation } from "./installation.ts";
import { type Shot, shots } from "./pages.ts";
import { shrinkPng } from "./shrink-png.ts";

// `npm run screenshots [name …]`: opens the pages of pages.ts in an installation of its own and keeps a picture of each on
// a phone and on a desk, light and dark. docs/guides shows them.
const folder = join(import.meta.dirname, "../../docs/guides/images");
const widths = [375, 1440];
const schemes = ["light", "dark"] as const;

const photograph = async (page: Page, { name }: Shot): Promise<void> => {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const path = join(folder, `${name}-${String(width)}${colorScheme === "dark" ? "-dark" : ""}.png`);
      await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })));
    }
  }
};

const shoot = async ({ console, clients }: Installation, shot: Shot): Promise<void> => {
  const page = await console.open(shot.path, shot.as === "nobody" ? undefined : clients[shot.as]);
  await page.getByText(shot.shows).first().waitFor();
  await photograph(page, shot);
  await page.context().close();
  process.stdout.write(`${shot.name}\n`);
};

const wanted = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const services = await startTestServices();
try {
  Object.assign(process.env, services.env);
  const installation = await startInstallation();
  try {
    for (const shot of shots) if (wanted.length === 0 || wanted.includes(shot.name)) await shoot(installation, shot);
  } finally {
    await installation.console.stop();
  }
} finally {
  await services.stop();
}
