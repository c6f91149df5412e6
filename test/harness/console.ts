import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { runCommand } from "../../cluster/machine/run-command.ts";
import type { Tenant } from "../../crds/index.ts";
import { aConsoleAddress } from "../builders/a-console-address.ts";
import { startControlApi, tenantKind, type ControlApi } from "../builders/a-control-api.ts";
import type { ApiClient } from "../builders/an-api-client.ts";
import { openBrowser } from "../e2e/support/browser.ts";

/** The console in a real browser, on a real registry, without a cluster: what the operator says is said by the test. */
export interface ConsoleHarness {
  readonly url: string;
  readonly api: ControlApi;
  readonly browser: Browser;
  /** A page of a browser of its own, in English unless `options` say otherwise; logged in as `client` is. */
  open(path: string, client?: ApiClient, options?: BrowserContextOptions): Promise<Page>;
  /** Plays the operator: the status of the Tenant of this slug. */
  operatorSays(slug: string, status: Tenant["status"]): Promise<void>;
  stop(): Promise<void>;
}

/** Vite brings native code along, which jest cannot load; so in a process of its own. */
const buildInto = async (folder: string): Promise<void> => {
  const builder = join(import.meta.dirname, "../../console/build.ts");
  const script = `const { buildConsole } = await import(${JSON.stringify(builder)}); await buildConsole(${JSON.stringify(folder)});`;
  await runCommand(process.execPath, ["--input-type=module", "--eval", script]);
};

const withCookiesOf = async (browser: Browser, url: string, client: ApiClient | undefined, options: object) => {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const pairs = (client?.headers()["Cookie"] ?? "").split("; ").filter((pair) => pair !== "");
  const cookies = pairs.map((pair) => {
    const [name = "", value = ""] = pair.split("=");
    return { name, value, url };
  });
  await context.addCookies(cookies);
  return context;
};

const serveConsole = async (folder: string, settings: Record<string, string>): Promise<ConsoleHarness> => {
  const address = await aConsoleAddress();
  const url = address.PUBLIC_URL;
  const [browser] = await Promise.all([openBrowser(), buildInto(folder)]);
  const own = { ...address, CONSOLE_FOLDER: folder, RATE_LIMITS_FACTOR: "1000" };
  const api = await startControlApi({ ...own, ...settings });
  return {
    url,
    api,
    browser,
    open: async (path, client, options = {}) => {
      const context = await withCookiesOf(browser, url, client, options);
      const page = await context.newPage();
      await page.goto(url + path);
      return page;
    },
    operatorSays: async (slug, status) => {
      await api.kube.patchStatus(tenantKind, { name: slug }, { status });
    },
    stop: async () => {
      await browser.close();
      await api.removeTenants();
      await api.stop();
    },
  };
};

/** Builds the console and serves it. Needs what the integration suites are given (`node test/harness/run.ts`). */
export const startConsole = async (settings: Record<string, string> = {}): Promise<ConsoleHarness> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-console-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const harness = await serveConsole(folder, settings);
    return { ...harness, stop: () => harness.stop().finally(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};
