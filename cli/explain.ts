import type { Command } from "commander";
import { isReason, reasons } from "../crds/reasons.ts";
import { notFound } from "./cli-error.ts";
import { closest } from "./output/closest.ts";
import { table } from "./output/table.ts";
import { runbooks } from "./runbooks.generated.ts";
import type { Session } from "./session.ts";

const kindsInWords = {
  good: "It holds.",
  chosen: "Somebody asked for it.",
  progress: "It comes by itself.",
  retrying: "Something outside is in the way; the operator tries again until it is gone.",
  action: "Only a person helps.",
} as const;

/** A reason in two lines: what it says, and what to do next. */
export const inShort = (reason: string): { summary: string; next: string } | undefined =>
  isReason(reason) ? reasons[reason] : undefined;

/** Every reason of conditions and Events, and every alert that has a runbook. */
export const explainable: readonly string[] = [...new Set([...Object.keys(reasons), ...Object.keys(runbooks)])];

const showAll = ({ terminal }: Session): void => {
  const rows = Object.entries(reasons).map(([name, { kind, summary }]) => [name, kind, summary]);
  terminal.out(table(["REASON", "KIND", "WHAT IT SAYS"], rows, terminal));
};

const headOf = (name: string): string[] => {
  if (!isReason(name)) return [];
  const { kind, summary, next } = reasons[name];
  return [summary, kindsInWords[kind], ...(kind === "good" ? [] : [`Next: ${next}`])];
};

/** The runbook without its title, as the name stands above it already. */
const bodyOf = (name: string): string => (runbooks[name] ?? "").replace(/^# .*\n+/, "").trim();

const explain = ({ terminal }: Session, asked: string): void => {
  const name = explainable.find((one) => one.toLowerCase() === asked.toLowerCase());
  if (name === undefined) {
    const near = closest(asked, explainable);
    const hints = near === undefined ? [] : [`Did you mean ${near}?`];
    throw notFound(`There is no reason and no alert "${asked}".`, { hints, next: "explain" });
  }
  const parts = [name, headOf(name).join("\n"), bodyOf(name)].filter((part) => part !== "");
  terminal.out(`${parts.join("\n\n")}\n`);
};

/** `explain`: a reason of a condition or an Event, or an alert, with its runbook. */
export const addExplain = (program: Command, session: Session): void => {
  program
    .command("explain")
    .description(
      "what a reason in a condition or an Event, or an alert, means and what to do; alone it lists the reasons",
    )
    .argument("[reason]", "for example CrashLoopBackOff")
    .action((asked: string | undefined) => {
      if (asked === undefined) showAll(session);
      else explain(session, asked);
    });
};
