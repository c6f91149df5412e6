import { type Command, Option } from "commander";
import { type Locale, locales } from "../../control-api/contract/fields.ts";
import {
  acceptInvitation,
  getInvitation,
  listInvitations,
  revokeInvitation,
} from "../../control-api/contract/members.ts";
import { conflict } from "../cli-error.ts";
import { type DryRunOptions, withOutput, withTell } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { tokenOf } from "../platform/link-token.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { addInvite, invitationTable } from "./create.ts";

const addLs = (parent: Command, session: Session): void => {
  withOutput(parent.command("ls").alias("list").description("whom an organization has invited"), ".email")
    .argument("<organization>", "its slug")
    .action(async (slug: string, options: OutputOptions) => {
      const reply = await session.platform().api.call(listInvitations, { params: { slug } });
      showRows(session, { rows: reply.items, reply, options }, invitationTable);
      if (reply.items.length > 0 || !isForPeople(options)) return;
      session.terminal.err(`Nobody is invited. Invite: ${session.program} invite create ${slug} <mail>\n`);
    });
};

const addRevoke = (parent: Command, session: Session): void => {
  parent
    .command("revoke")
    .alias("rm")
    .description("close an invitation that is still open")
    .argument("<organization>", "its slug")
    .argument("<invitation>", "the invitation's id")
    .action(async (slug: string, id: string) => {
      await session.platform().api.call(revokeInvitation, { params: { slug, id } });
      session.terminal.err(`The invitation ${id} is closed; its link leads nowhere.\n`);
    });
};

type AcceptOptions = DryRunOptions & { name: string; language: Locale };

const accept = async (session: Session, link: string, { name, language, dryRun }: AcceptOptions): Promise<void> => {
  const { terminal, program } = session;
  const { api, address } = session.platform();
  const params = { token: tokenOf(link) };
  const { organization, email, role, state } = await api.call(getInvitation, { params });
  if (state !== "open")
    throw conflict(`This invitation to ${organization.name} is ${state}.`, {
      hints: ["Ask whoever invited you for a new one."],
    });
  if (dryRun) {
    terminal.err(`${email} would become ${role} of ${organization.name} (dry run).\n`);
    return;
  }
  await api.call(acceptInvitation, { params, body: { name, locale: language } });
  terminal.err(`${email} is ${role} of ${organization.name} now.\nTo act as that: ${program} login ${address}\n`);
};

/** `invite`: people who are asked to become members. */
export const addInvites = (program: Command, session: Session): void => {
  const parent = program
    .command("invite")
    .alias("invites")
    .description("people who are asked to become members of an organization");
  addLs(parent, session);
  addInvite(parent.command("create"), session);
  addRevoke(parent, session);
  withTell(parent.command("accept").description("take up an invitation; its link proves your mail address"))
    .argument("<link>", "the link in the mail")
    .requiredOption("--name <name>", "your name as people read it")
    .addOption(new Option("--language <language>", "of your mails").choices(locales).default("en"))
    .action((link: string, options: AcceptOptions) => accept(session, link, options));
};
