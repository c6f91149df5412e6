import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type AuditEntry,
  exportAudit,
  exportPlatformAudit,
  listAudit,
  listPlatformAudit,
  verifyAudit,
} from "../../control-api/contract/audit.ts";
import { failed } from "../cli-error.ts";
import { withOutput } from "../options.ts";
import { jsonText, type OutputOptions } from "../output/print-rows.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import { parseCount } from "../parse-count.ts";
import type { Session } from "../session.ts";
import { auditTable } from "./audit-table.ts";

type Filter = { action?: string; actor?: string; from?: string; until?: string };

const parseInstant = (text: string): string => {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("Write a day or a time: 2026-05-17 or 2026-05-17T12:00:00Z.");
  return time.toISOString();
};

const withFilter = (command: Command): Command =>
  command
    .argument("[organization]", "slug of the organization; the whole platform when left out, for its staff")
    .option("--action <action>", "only this, or what begins so: member or member.removed")
    .option("--actor <id>", "only what this person did")
    .addOption(new Option("--from <time>", "from this day or time on").argParser(parseInstant))
    .addOption(new Option("--until <time>", "before this day or time").argParser(parseInstant));

const filterOf = ({ action, actor, from, until }: Filter): Filter => ({
  ...(action === undefined ? {} : { action }),
  ...(actor === undefined ? {} : { actor }),
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
});

/** The newest `most` entries, page by page. */
const entriesOf = async (session: Session, slug: string | undefined, filter: Filter, most: number) => {
  const { api } = session.platform();
  const all: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...filter, limit: Math.min(200, most - all.length), cursor };
    const page =
      slug === undefined
        ? await api.call(listPlatformAudit, { query })
        : await api.call(listAudit, { params: { slug }, query });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && all.length < most);
  return { items: all, next: cursor ?? null };
};

type ListOptions = Filter & OutputOptions & { limit: number };

const addLs = (parent: Command, session: Session): void => {
  const command = parent.command("ls").alias("list").description("who changed what, newest first");
  withFilter(withOutput(command, ".detail.role"))
    .addOption(new Option("--limit <number>", "at most this many").argParser(parseCount).default(50, "50"))
    .action(async (slug: string | undefined, { limit, ...options }: ListOptions) => {
      const reply = await entriesOf(session, slug, filterOf(options), limit);
      showRows(session, { rows: reply.items, reply, options }, auditTable);
      if (reply.next !== null && isForPeople(options))
        session.terminal.err(`There are more: --limit, or all of them: ${session.program} audit export\n`);
    });
};

type ExportOptions = Filter & { format: "ndjson" | "csv" };

const addExport = (parent: Command, session: Session): void => {
  withFilter(
    parent.command("export").description("all of it, oldest first, with the hashes that chain it; to standard output"),
  )
    .addOption(
      new Option("--format <format>", "one JSON object a line, or a table")
        .choices(["ndjson", "csv"])
        .default("ndjson"),
    )
    .action(async (slug: string | undefined, { format, ...options }: ExportOptions) => {
      const { api } = session.platform();
      const query = { ...filterOf(options), format };
      const lines =
        slug === undefined
          ? api.download(exportPlatformAudit, { query })
          : api.download(exportAudit, { params: { slug }, query });
      for await (const text of lines) session.terminal.out(text);
    });
};

const addVerify = (parent: Command, session: Session): void => {
  parent
    .command("verify")
    .description(
      "whether every chain of the log is whole: nothing changed, nothing taken out; for the platform's staff",
    )
    .addOption(new Option("-o, --output <format>", "how to show it").choices(["text", "json"]).default("text"))
    .action(async ({ output }: { output: "text" | "json" }) => {
      const { terminal } = session;
      const { whole, entries, broken } = await session.platform().api.call(verifyAudit, {});
      if (output === "json") terminal.out(jsonText({ whole, entries, broken }));
      else if (whole) terminal.out(`The audit log is whole: ${entries} entries.\n`);
      if (whole) return;
      throw failed(`The audit log is broken in ${broken.length} of its chains.`, {
        hints: broken.map(({ chain, number }) => `${chain}: entry ${number} is not what was written`),
        next: "explain PolyphonyAuditBroken",
      });
    });
};

/** `audit`: the log of every change. */
export const addAudit = (program: Command, session: Session): void => {
  const parent = program.command("audit").description("who changed what, in an organization or on the whole platform");
  addLs(parent, session);
  addExport(parent, session);
  addVerify(parent, session);
};
