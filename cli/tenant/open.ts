import type { Command } from "commander";
import { failed } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";

/** The program that opens an address on this machine, if there is a screen for it. */
const browserOf = (env: Session["env"], platform: NodeJS.Platform): string | undefined => {
  if (env["BROWSER"]) return env["BROWSER"];
  if (platform === "darwin") return "open";
  return (env["DISPLAY"] ?? env["WAYLAND_DISPLAY"]) ? "xdg-open" : undefined;
};

/** `tenant open`: the vault in the browser, or its address where there is none. */
export const addTenantOpen = (parent: Command, session: Session): void => {
  parent
    .command("open")
    .description("open the vault in the browser; prints its address where there is none")
    .argument("<slug>", "name of a tenant")
    .option("--print", "only print the address")
    .action(async (slug: string, { print }: { print?: true }) => {
      const tenant = await findTenant(session, slug);
      const url = tenant.status?.url;
      if (url === undefined)
        throw failed(`The tenant "${slug}" has no address yet.`, { next: `tenant status ${slug}` });
      const { terminal, env } = session;
      terminal.out(`${url}\n`);
      const browser = print || !terminal.interactive ? undefined : browserOf(env, process.platform);
      if (browser === undefined) return;
      const code = await session.run(browser, [url]);
      if (code !== 0) terminal.err(`${browser} could not open it; the address is above.\n`);
    });
};
