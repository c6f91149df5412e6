import { type Command, Option } from "commander";
import { dropWork, retryWork } from "../../control-api/contract/queue.ts";
import { confirmByTyping } from "../confirm.ts";
import { withOutput, withYes, type YesOptions } from "../options.ts";
import { several } from "../output/several.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { fleetOf } from "../vault/ls.ts";
import { addDecisions } from "./decisions.ts";
import { workTable } from "./queue-tables.ts";
import { type WorkFilter, workOf } from "./work-of.ts";

const list = async (
  session: Session,
  { state, organization, ...options }: OutputOptions & WorkFilter,
): Promise<void> => {
  const filter = {
    ...(state === undefined ? {} : { state }),
    ...(organization === undefined ? {} : { organization }),
  };
  const rows = await workOf(session, filter);
  showRows(session, { rows, reply: { items: rows, next: null }, options }, workTable);
  if (!isForPeople(options)) return;
  const { terminal, program } = session;
  if (rows.length === 0) terminal.err("No work waits.\n");
  const pending = await fleetOf(session, { approval: "pending" });
  if (pending.length === 0) return;
  const waits = several(pending.length, "organization waits", "organizations wait");
  terminal.err(`${waits} for approval: ${program} queue approvals\n`);
};

const addLs = (parent: Command, session: Session): void => {
  const command = parent
    .command("ls")
    .alias("list")
    .description("work that is not done: mails to send, Tenants to write");
  withOutput(command, ".organization.name")
    .addOption(new Option("--state <state>", "only what is so").choices(["waiting", "retrying", "failed"]))
    .option("--organization <slug>", "only what is for this one")
    .action((options: OutputOptions & WorkFilter) => list(session, options));
};

const addWork = (parent: Command, session: Session): void => {
  withOutput(parent.command("retry").description("try work again at once, also when it was given up"), ".what")
    .argument("<work...>", "ids of work: queue ls")
    .action(async (ids: string[], options: OutputOptions) => {
      const done = [];
      for (const id of ids) done.push(await session.platform().api.call(retryWork, { params: { id } }));
      showRows(session, { rows: done, reply: ids.length === 1 ? done[0] : { items: done }, options }, workTable);
    });
  withYes(parent.command("drop").description("leave work undone for good"))
    .argument("<work>", "its id: queue ls")
    .action(async (id: string, { yes }: YesOptions) => {
      await confirmByTyping(session, { warning: "It will never be done, and nobody is told.", word: id, yes });
      await session.platform().api.call(dropWork, { params: { id } });
      session.terminal.err(`The work ${id} is dropped.\n`);
    });
};

/** `queue`: what waits for the platform's staff or for another try. */
export const addQueue = (program: Command, session: Session): void => {
  const parent = program
    .command("queue")
    .description("for the platform's staff: what is not done, and what waits for them");
  addLs(parent, session);
  addWork(parent, session);
  addDecisions(parent, session);
};
