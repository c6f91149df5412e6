import type { Command } from "commander";
import { closeOrganization } from "../../control-api/contract/members.ts";
import { confirmByTyping } from "../confirm.ts";
import { type DryRunOptions, withTell, withYes, type YesOptions } from "../options.ts";
import { organizationOf } from "../platform/organization-of.ts";
import type { Session } from "../session.ts";

/** `org close`: after its slug was typed. */
export const addOrgClose = (parent: Command, session: Session): void => {
  const command = parent
    .command("close")
    .description("close an organization: its affiliations end, its vault goes and is kept for its retention time");
  withTell(withYes(command))
    .argument("<organization>", "its slug")
    .action(async (slug: string, { yes, dryRun }: YesOptions & DryRunOptions) => {
      const { terminal } = session;
      const { name } = await organizationOf(session, slug);
      const warning = `${name} (${slug}) is closed: its affiliations end, and its vault goes off the air. The vault's data is kept for its retention time.`;
      if (dryRun) {
        terminal.err(`${warning} Nothing was done (dry run).\n`);
        return;
      }
      await confirmByTyping(session, { warning, word: slug, yes });
      const body = { confirm: slug };
      const { message } = await session.platform().api.call(closeOrganization, { params: { slug }, body });
      terminal.err(`${message}\n`);
    });
};
