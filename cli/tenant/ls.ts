import type { Command } from "commander";
import { tenants } from "../names.ts";
import { withOutput } from "../options.ts";
import { printList } from "../output/print-objects.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { tenantColumns } from "./tenant-columns.ts";

type Options = OutputOptions & { selector?: string; phase?: string; plan?: string; organization?: string };

/** `tenant ls`: all tenants, by name. */
export const addTenantLs = (parent: Command, session: Session): void => {
  withOutput(parent.command("ls").alias("list").description("list tenants"))
    .option("-l, --selector <labels>", "only those with these labels, as kubectl has it")
    .option("--phase <phase>", "only those in this phase, for example Failed")
    .option("--plan <plan>", "only those on this plan")
    .option("--organization <id>", "only those of this organization")
    .action(async ({ selector, phase, plan, organization, ...options }: Options) => {
      const all = await session.cluster().kube.list(tenants, { labelSelector: selector });
      const chosen = all
        .filter(({ status }) => phase === undefined || (status?.phase ?? "Pending") === phase)
        .filter(({ spec }) => plan === undefined || spec.plan === plan)
        .filter(({ spec }) => organization === undefined || spec.organization.id === organization);
      const { terminal, timer } = session;
      printList(chosen, { columns: tenantColumns, options, terminal, now: timer.now() });
      if (chosen.length > 0 || options.output === "json" || options.output === "yaml") return;
      terminal.err(
        all.length === 0
          ? `There are no tenants yet. Make one: ${session.program} tenant create --help\n`
          : `None of the ${all.length} tenants is like that.\n`,
      );
    });
};
