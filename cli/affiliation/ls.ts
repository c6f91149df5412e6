import type { Command } from "commander";
import { getAffiliations } from "../../control-api/contract/affiliations.ts";
import { withOutput } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { historyTable, linkTable, relationsOf, relationTable } from "./affiliation-tables.ts";

type Options = OutputOptions & { all?: true };

const affiliationsOf = (session: Session, slug: string) =>
  session.platform().api.call(getAffiliations, { params: { slug } });

/** `affiliation ls`, `history` and `links`: three views of one reply. */
export const addAffiliationViews = (parent: Command, session: Session): void => {
  withOutput(
    parent.command("ls").alias("list").description("whom an organization belongs with, and what waits for an answer"),
    ".with.name",
  )
    .argument("<organization>", "its slug")
    .option("--all", "requests that were answered too")
    .action(async (slug: string, { all, ...options }: Options) => {
      const reply = await affiliationsOf(session, slug);
      const rows = relationsOf(slug, reply, all ?? false);
      showRows(session, { rows, reply, options }, relationTable);
      if (rows.length > 0 || !isForPeople(options)) return;
      session.terminal.err(`"${slug}" belongs with nobody, and nothing waits.\n`);
    });
  withOutput(parent.command("history").description("what was between an organization and others"), ".with.name")
    .argument("<organization>", "its slug")
    .action(async (slug: string, options: OutputOptions) => {
      const { history } = await affiliationsOf(session, slug);
      showRows(session, { rows: history, reply: { items: history }, options }, historyTable);
    });
  withOutput(parent.command("links").description("links by which collectives join an umbrella"), ".createdAt")
    .argument("<umbrella>", "its slug")
    .action(async (slug: string, options: OutputOptions) => {
      const { invitations } = await affiliationsOf(session, slug);
      showRows(session, { rows: invitations, reply: { items: invitations }, options }, linkTable);
    });
};
