import { type Command, Option } from "commander";
import { formats } from "./output/print-rows.ts";
import { parseDuration } from "./wait/duration.ts";

/** Adds what every command that shows objects understands: see OutputOptions. */
export const withOutput = (command: Command, exampleField = ".spec.owner.email"): Command =>
  command
    .addOption(new Option("-o, --output <format>", "how to show it").choices(formats).default("table"))
    .option("--columns <names>", `columns by name, or fields such as ${exampleField}, separated by commas`);

export type WaitOptions = { wait: boolean; timeout: number };

/** Adds what every command that waits for its work understands. */
export const withWait = (command: Command, timeout = "5m"): Command =>
  command
    .option("--no-wait", "return as soon as it is asked for, before it is done")
    .addOption(
      new Option("--timeout <duration>", "how long to wait")
        .argParser(parseDuration)
        .default(parseDuration(timeout), timeout),
    );

export type DryRunOptions = { dryRun?: true };

export const withDryRun = (command: Command): Command =>
  command.option("--dry-run", "let the cluster check and default it, and store nothing");

/** For what the control API is asked: it is not asked at all. */
export const withTell = (command: Command): Command => command.option("--dry-run", "only say what would be done");

export type YesOptions = { yes?: true };

export const withYes = (command: Command): Command => command.option("-y, --yes", "do not ask; for scripts");
