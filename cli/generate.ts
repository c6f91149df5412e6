import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Argument, Command, Option } from "commander";
import { systemTimer } from "../kube/clock.ts";
import { createProgram } from "./program.ts";
import type { Session } from "./session.ts";

const unused = (): never => {
  throw new Error("the reference is written without running anything");
};

const session: Session = {
  terminal: {
    out: unused,
    err: unused,
    width: Number.POSITIVE_INFINITY,
    colour: false,
    interactive: false,
    ask: unused,
  },
  timer: systemTimer(),
  env: {},
  program: "polyphony",
  folder: "/",
  interrupt: new AbortController().signal,
  connect: unused,
  cluster: unused,
  platform: unused,
  run: unused,
  startCompanion: unused,
  visit: unused,
  fetch: unused,
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const meaningOf = ({ description, argChoices, defaultValue, defaultValueDescription }: Option | Argument): string => {
  const choices = argChoices ? ` (${argChoices.join(", ")})` : "";
  const shown = defaultValueDescription ?? (typeof defaultValue === "string" ? defaultValue : undefined);
  return cell(`${description}${choices}${shown === undefined ? "" : `; default ${shown}`}`);
};

const rowsOf = (command: Command): string[] => [
  ...command.registeredArguments.map(
    (argument) =>
      `| \`<${argument.name()}>${argument.variadic ? "..." : ""}\`${argument.required ? "" : " (optional)"} | ${meaningOf(argument)} |`,
  ),
  ...command.options.filter(({ hidden }) => !hidden).map((option) => `| \`${option.flags}\` | ${meaningOf(option)} |`),
];

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const sectionOf = (command: Command, level: number): string[] => {
  const also = command.aliases().length > 0 ? ` Also \`${command.aliases().join("`, `")}\`.` : "";
  const rows = rowsOf(command);
  const table = rows.length === 0 ? [] : ["", "| | |", "| --- | --- |", ...rows];
  const sentence = command.description().replace(/^./, (first) => first.toUpperCase());
  return [
    "",
    `${"#".repeat(level)} \`${pathOf(command)}\``,
    "",
    `${cell(sentence)}.${also}`,
    ...table,
    ...command.commands.flatMap((below) => sectionOf(below, level + 1)),
  ];
};

/** The reference of every command, from the definitions that the program itself runs. */
const reference = (program: Command): string =>
  [
    "# The command line",
    "",
    "Generated from `cli/` by `npm run generate`. [platform-operator.md](guides/platform-operator.md) shows it at work.",
    "",
    "`polyphony` is one executable; `npm run build cli` puts it into `dist/cli`, with `kubectl-polyphony` beside it: with that folder in",
    "`PATH`, `kubectl polyphony …` is the same. In a checkout, `node cli/main.ts` is it too. It asks the cluster of `--kubeconfig`, `$KUBECONFIG` or",
    "`~/.kube/config`, in the context of `--context` or the current one.",
    "",
    "`org`, `affiliation`, `invite`, `vault`, `queue` and `audit` ask a platform's API instead, as whoever is logged in: that of `--api`, `$POLYPHONY_API` or",
    "the current context (`login`, `context`). The login is kept in `$XDG_CONFIG_HOME/polyphony/contexts.json` or `~/.config/polyphony/contexts.json`, and renewed",
    "by itself; in scripts, `$POLYPHONY_TOKEN` goes before it.",
    "",
    "Data goes to standard output, all else to standard error. `-o json` and `-o yaml` give the API's own objects. Colours show on a terminal only, and",
    "never with `NO_COLOR`. What changes something waits until it is so, unless `--no-wait`; Ctrl-C ends the waiting, not the work. Every write is a",
    "server-side apply as `polyphony-cli`, never forced: of a field that another manager holds, its name is told.",
    "",
    "| exit code | means |",
    "| --- | --- |",
    "| 0 | done |",
    "| 1 | failed; the message says what, why and what next |",
    "| 2 | wrong usage |",
    "| 3 | not found |",
    "| 4 | no access: no kubeconfig, not logged in, or not allowed |",
    "| 5 | conflict: it exists already, was changed meanwhile, or another manager holds the field |",
    "| 6 | timeout; the work goes on |",
    "| 130 | interrupted; the work goes on |",
    "",
    "| everywhere | |",
    "| --- | --- |",
    ...program.options.map((option) => `| \`${option.flags}\` | ${meaningOf(option)} |`),
    ...program.commands.flatMap((command) => sectionOf(command, 2)),
    "",
  ].join("\n");

writeFileSync(join(import.meta.dirname, "..", "docs", "cli.md"), reference(createProgram(session)));
