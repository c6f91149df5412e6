import { type Command, Option } from "commander";
import { locales } from "../../control-api/contract/fields.ts";
import {
  type OrganizationChange,
  type OrganizationView,
  patchOrganization,
} from "../../control-api/contract/organizations.ts";
import { wrongUsage } from "../cli-error.ts";
import { type DryRunOptions, withTell } from "../options.ts";
import { organizationOf } from "../platform/organization-of.ts";
import type { Session } from "../session.ts";

type Asked = {
  name?: string;
  legalName?: string;
  contact?: string;
  language?: (typeof locales)[number];
  category?: string;
  currency?: string;
  timeZone?: string;
};

/** An empty text takes away what need not be there. */
const orNone = (text: string | undefined): string | null | undefined => (text === "" ? null : text);

const changeOf = (asked: Asked): OrganizationChange => {
  const all: OrganizationChange = {
    name: asked.name,
    legalName: orNone(asked.legalName),
    contactEmail: asked.contact,
    locale: asked.language,
    category: orNone(asked.category),
    currency: orNone(asked.currency),
    timeZone: asked.timeZone,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

const shown = (value: string | null | undefined): string => value ?? "(none)";

/** What differs, field by field. */
const differences = (change: OrganizationChange, before: OrganizationView, after: OrganizationChange): string[] =>
  (Object.keys(change) as (keyof OrganizationChange)[])
    .filter((field) => before[field] !== after[field])
    .map((field) => `${field}: ${shown(before[field])} → ${shown(after[field])}`);

const edit = async (session: Session, slug: string, { dryRun, ...asked }: Asked & DryRunOptions): Promise<void> => {
  const { terminal } = session;
  const change = changeOf(asked);
  if (Object.keys(change).length === 0)
    throw wrongUsage("Say what to change, for example --name.", { next: "org edit --help" });
  const before = await organizationOf(session, slug);
  if (differences(change, before, change).length === 0) {
    terminal.err(`The organization "${slug}" is like that already; nothing was written.\n`);
    return;
  }
  const after = dryRun
    ? change
    : await session.platform().api.call(patchOrganization, { params: { slug }, body: change, ifMatch: before.version });
  for (const line of differences(change, before, after)) terminal.err(`${line}\n`);
  terminal.err(`The organization "${slug}" ${dryRun ? "would be changed so (dry run)" : "is changed"}.\n`);
};

/** `org edit`: its settings. What somebody else changed meanwhile is a conflict, and nothing is written. */
export const addOrgEdit = (parent: Command, session: Session): void => {
  withTell(parent.command("edit").description("change an organization's settings"))
    .argument("<organization>", "its slug")
    .option("--name <name>", "its name as people read it")
    .option("--legal-name <name>", "its name in law; empty for none")
    .option("--contact <mail>", "the member's address to which its mails go")
    .addOption(new Option("--language <language>", "of its mails").choices(locales))
    .option("--category <text>", "what kind of organization it is; empty for none")
    .option("--currency <code>", "for example NOK; empty for none")
    .option("--time-zone <zone>", "for example Europe/Oslo")
    .action((slug: string, asked: Asked & DryRunOptions) => edit(session, slug, asked));
};
