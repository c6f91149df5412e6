import { type Command, Option } from "commander";
import { type InvitationView, postInvitation } from "../../control-api/contract/members.ts";
import { type Role, roles } from "../../control-api/contract/route-contract.ts";
import { withOutput } from "../options.ts";
import { until } from "../output/age.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import { showRows, type Table } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";

const columns: readonly Column<InvitationView>[] = [
  { name: "Id", value: ({ id }) => id },
  { name: "Email", value: ({ email }) => email },
  { name: "Role", value: ({ role }) => role },
  { name: "State", value: ({ state }) => state },
  { name: "Invited by", wide: true, value: ({ invitedBy }) => invitedBy ?? "" },
  { name: "Expires in", value: ({ state, expiresAt }, now) => (state === "open" ? until(expiresAt, now) : "") },
];
export const invitationTable: Table<InvitationView> = { columns, nameOf: ({ id }) => id, exampleField: ".email" };

type Options = OutputOptions & { role: Role };

/** Makes a command the one that invites: `invite create` and `org invite` are the same. */
export const addInvite = (command: Command, session: Session): void => {
  withOutput(command, ".email")
    .description("invite somebody by mail to become a member; inviting again sends a new link and closes the old one")
    .argument("<organization>", "slug of the organization")
    .argument("<mail>", "the address to invite")
    .addOption(new Option("--role <role>", "what they may do").choices(roles).default("member"))
    .action(async (slug: string, email: string, { role, ...options }: Options) => {
      const reply = await session.platform().api.call(postInvitation, { params: { slug }, body: { email, role } });
      showRows(session, { rows: [reply], reply, options }, invitationTable);
      session.terminal.err(`A mail with the link is on its way to ${reply.email}.\n`);
    });
};
