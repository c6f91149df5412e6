import type { Command } from "commander";
import { approveOrganization, rejectOrganization } from "../../control-api/contract/admin.ts";
import { confirmByTyping } from "../confirm.ts";
import { withOutput, withYes, type YesOptions } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { fleetOf } from "../vault/ls.ts";
import { fleetTable } from "../vault/vault-tables.ts";

const addApprovals = (parent: Command, session: Session): void => {
  const command = parent
    .command("approvals")
    .description("organizations that wait for approval before their vault is made");
  withOutput(command, ".organization.name").action(async (options: OutputOptions) => {
    const rows = await fleetOf(session, { approval: "pending" });
    showRows(session, { rows, reply: { items: rows, next: null }, options }, fleetTable);
    if (rows.length === 0 && isForPeople(options)) session.terminal.err("No organization waits for approval.\n");
  });
};

type RejectOptions = YesOptions & { reason: string };

/** `queue approvals`, `approve` and `reject`: which organizations get a vault. */
export const addDecisions = (parent: Command, session: Session): void => {
  addApprovals(parent, session);
  parent
    .command("approve")
    .description("let organizations have their vaults")
    .argument("<applicant...>", "slugs of organizations: queue approvals")
    .action(async (slugs: string[]) => {
      for (const slug of slugs) {
        await session.platform().api.call(approveOrganization, { params: { slug } });
        session.terminal.err(`"${slug}" is approved; its vault is being made.\n`);
      }
    });
  withYes(parent.command("reject").description("refuse an organization its vault; its owner is told why"))
    .argument("<applicant>", "slug of the organization: queue approvals")
    .option("--reason <text>", "why, in words that its owner reads", "")
    .action(async (slug: string, { reason, yes }: RejectOptions) => {
      const told = reason === "" ? "Its owner is not told why; say it with --reason." : `Its owner reads: ${reason}`;
      await confirmByTyping(session, { warning: `"${slug}" gets no vault. ${told}`, word: slug, yes });
      await session.platform().api.call(rejectOrganization, { params: { slug }, body: { reason } });
      session.terminal.err(`"${slug}" is rejected.\n`);
    });
};
