import type { Command } from "commander";
import { getMe } from "../../control-api/contract/login.ts";
import { listMembers } from "../../control-api/contract/members.ts";
import { withOutput } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { organizationOf } from "../platform/organization-of.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { memberTable, mineTable, organizationTable } from "./org-columns.ts";

/** `org ls`: those that the person belongs to. */
export const addOrgLs = (parent: Command, session: Session): void => {
  withOutput(parent.command("ls").alias("list").description("list your organizations"), ".id").action(
    async (options: OutputOptions) => {
      const { organizations } = await session.platform().api.call(getMe, {});
      showRows(session, { rows: organizations, reply: { items: organizations }, options }, mineTable);
      if (organizations.length > 0 || !isForPeople(options)) return;
      session.terminal.err(`You belong to none yet. Make one: ${session.program} org create --help\n`);
    },
  );
};

/** `org get`: one or several, or one whole. */
export const addOrgGet = (parent: Command, session: Session): void => {
  withOutput(parent.command("get").description("show organizations; -o yaml shows all of one"), ".vault.url")
    .argument("<organization...>", "slugs of organizations")
    .action(async (slugs: string[], options: OutputOptions) => {
      const found = [];
      for (const slug of slugs) found.push(await organizationOf(session, slug));
      const [first] = found;
      const reply = slugs.length === 1 ? first : { items: found };
      showRows(session, { rows: found, reply, options }, organizationTable);
    });
};

/** `org members`. */
export const addOrgMembers = (parent: Command, session: Session): void => {
  withOutput(parent.command("members").description("list an organization's members"), ".id")
    .argument("<organization>", "its slug")
    .action(async (slug: string, options: OutputOptions) => {
      const reply = await session.platform().api.call(listMembers, { params: { slug } });
      showRows(session, { rows: reply.items, reply, options }, memberTable);
    });
};
