import type { Command } from "commander";
import { withOutput } from "../options.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import { isForPeople, showRows, type Table } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { keptContext } from "./choose-context.ts";
import { contextsFile, readContexts, writeContexts } from "./contexts.ts";

/** A context as it may be shown: without its tokens. */
type Shown = { name: string; current: boolean; api: string; loggedIn: boolean };

const columns: readonly Column<Shown>[] = [
  { name: "Current", value: ({ current }) => (current ? "*" : "") },
  { name: "Name", value: ({ name }) => name },
  { name: "API", value: ({ api }) => api },
  { name: "Login", value: ({ loggedIn }) => (loggedIn ? "yes" : "no") },
];
const contextTable: Table<Shown> = { columns, nameOf: ({ name }) => name, exampleField: ".api" };

const shownOf = ({ env }: Session): Shown[] => {
  const { current, contexts } = readContexts(env);
  return Object.entries(contexts)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { api, tokens }]) => ({ name, current: name === current, api, loggedIn: tokens !== undefined }));
};

const use = ({ env, terminal }: Session, wanted: string): void => {
  const { name, context } = keptContext(env, wanted);
  writeContexts(env, { ...readContexts(env), current: name });
  terminal.err(`From now on ${context.api} is asked (context ${name}).\n`);
};

const remove = ({ env, terminal, program }: Session, wanted: string): void => {
  const { name, context } = keptContext(env, wanted);
  const { current, contexts } = readContexts(env);
  const rest = Object.fromEntries(Object.entries(contexts).filter(([one]) => one !== name));
  writeContexts(env, { ...(current === undefined || current === name ? {} : { current }), contexts: rest });
  terminal.err(`The context "${name}" is forgotten.\n`);
  if (context.tokens)
    terminal.err(`Its login goes on until it ends; next time end it first: ${program} logout --api ${name}\n`);
};

/** `context`: the platforms that this machine knows. */
export const addContext = (program: Command, session: Session): void => {
  const parent = program
    .command("context")
    .alias("contexts")
    .description("platforms you have logged in to: their addresses and logins");
  withOutput(parent.command("ls").alias("list").description("list contexts"), ".api").action(
    (options: OutputOptions) => {
      const rows = shownOf(session);
      showRows(session, { rows, reply: { items: rows }, options }, contextTable);
      if (rows.length > 0 || !isForPeople(options)) return;
      session.terminal.err(
        `There is none yet in ${contextsFile(session.env)}. Make one: ${session.program} login <address>\n`,
      );
    },
  );
  parent
    .command("use")
    .description("ask this platform from now on")
    .argument("<context>", "its name")
    .action((name: string) => use(session, name));
  parent
    .command("rm")
    .alias("remove")
    .description("forget a platform and its login on this machine")
    .argument("<context>", "its name")
    .action((name: string) => remove(session, name));
};
