import { type Command, Option } from "commander";
import { locales } from "../../control-api/contract/fields.ts";
import { getMe } from "../../control-api/contract/login.ts";
import { postRegistration, type Registration } from "../../control-api/contract/registrations.ts";
import { getSlug } from "../../control-api/contract/slugs.ts";
import { prepareOrganization } from "../../control-api/contract/staff-registrations.ts";
import { ApiError } from "../api/problem.ts";
import { conflict, wrongUsage } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { type DryRunOptions, withOutput, withTell } from "../options.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import { tokenOf } from "../platform/link-token.ts";
import { showRows, type Table } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { parseOwner } from "../tenant/owner.ts";

type Options = DryRunOptions &
  OutputOptions & {
    type: "umbrella" | "collective";
    name: string;
    owner?: { name: string; email: string };
    template: string;
    umbrella?: string;
    invitation?: string;
    inviteOwner?: true;
    language: (typeof locales)[number];
  };

type Sent = Pick<Registration, "slug" | "mailSentTo" | "expiresAt">;

const columns: readonly Column<Sent>[] = [
  { name: "Slug", value: ({ slug }) => slug },
  { name: "Mail sent to", value: ({ mailSentTo }) => mailSentTo },
  { name: "Expires", value: ({ expiresAt }) => expiresAt },
];
const registrationTable: Table<Sent> = { columns, nameOf: ({ slug }) => slug, exampleField: ".id" };

/** The owner that was named, else whoever is logged in. */
const ownerOf = async (session: Session, named: Options["owner"]): Promise<{ name: string; email: string }> => {
  if (named) return named;
  try {
    const { name, email } = await session.platform().api.call(getMe, {});
    return { name, email };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== exitCode.auth) throw error;
    throw wrongUsage("Nobody is logged in, so say who is to own it.", {
      hints: ['For example --owner "Kari Nordmann <kari@example.org>"'],
      cause: error,
    });
  }
};

/** Says whether the address can be had, and asks for nothing. */
const onlyLook = async (session: Session, slug: string): Promise<void> => {
  const { available, message, suggestions } = await session.platform().api.call(getSlug, { params: { slug } });
  if (!available)
    throw conflict(`${slug} cannot be had. ${message ?? ""}`.trim(), {
      hints: suggestions.length > 0 ? [`Free: ${suggestions.join(", ")}`] : [],
    });
  session.terminal.err(`${slug} can be had; nothing was asked for (dry run).\n`);
};

const create = async (session: Session, slug: string, options: Options): Promise<void> => {
  if (options.dryRun) return onlyLook(session, slug);
  const { type, name, template, umbrella, invitation, language, inviteOwner } = options;
  const { api } = session.platform();
  const body = {
    type,
    name,
    slug,
    contact: await ownerOf(session, options.owner),
    template,
    locale: language,
    ...(umbrella === undefined ? {} : { umbrella }),
    ...(invitation === undefined ? {} : { affiliationInvitation: tokenOf(invitation) }),
  };
  const { terminal, program } = session;
  const then = `Then look how far its vault is: ${program} vault status ${slug} --wait\n`;
  if (inviteOwner) {
    const reply = await api.call(prepareOrganization, { body });
    const row = { ...reply, mailSentTo: reply.contact.email };
    showRows(session, { rows: [row], reply, options }, registrationTable);
    terminal.err(`${reply.contact.email} is invited, and owns it once they accept.\n${then}`);
    return;
  }
  const reply = await api.call(postRegistration, { body });
  showRows(session, { rows: [reply], reply, options }, registrationTable);
  terminal.err(`${reply.message}\n${then}`);
};

/** `org create`: as the register page does; the mail's link proves the address, and only then there is an organization. */
export const addOrgCreate = (parent: Command, session: Session): void => {
  const command = parent
    .command("create")
    .description("register an organization; it is there once the link in the mail to its owner was opened");
  withTell(withOutput(command, ".id"))
    .argument("<slug>", "the name in its vault's address")
    .addOption(
      new Option("--type <type>", "an association, or one choir")
        .choices(["umbrella", "collective"])
        .makeOptionMandatory(),
    )
    .requiredOption("--name <name>", "its name as people read it")
    .addOption(new Option("--owner <name and mail>", "its first owner; you when left out").argParser(parseOwner))
    .option("--invite-owner", "for the platform's staff: its owner is invited, and need not have asked for it")
    .option("--template <name>", "the application to run", "choir")
    .option("--umbrella <slug>", "the umbrella that it asks to join")
    .option("--invitation <link>", "an umbrella's invitation link, by which it joins without being asked")
    .addOption(new Option("--language <language>", "of its mails").choices(locales).default("en"))
    .action((slug: string, options: Options) => create(session, slug, options));
};
