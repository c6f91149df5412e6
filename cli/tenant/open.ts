import type { Command } from "commander";
import { failed } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { visitAddress } from "../visit-address.ts";
import { findTenant } from "./find-tenant.ts";

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
      session.terminal.out(`${url}\n`);
      if (!print) await visitAddress(session, url);
    });
};
