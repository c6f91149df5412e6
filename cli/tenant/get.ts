import type { Command } from "commander";
import { withOutput } from "../options.ts";
import { printList, printObject } from "../output/print-objects.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";
import { tenantColumns } from "./tenant-columns.ts";

/** `tenant get`: some tenants by name. */
export const addTenantGet = (parent: Command, session: Session): void => {
  withOutput(parent.command("get").description("show tenants by name; -o yaml shows all of one"))
    .argument("<slug...>", "names of tenants")
    .action(async (slugs: string[], options: OutputOptions) => {
      const found = await Promise.all(slugs.map((slug) => findTenant(session, slug)));
      const { terminal, timer } = session;
      const shown = { columns: tenantColumns, options, terminal, now: timer.now() };
      const [only] = found;
      if (only && found.length === 1) printObject(only, shown);
      else printList(found, shown);
    });
};
