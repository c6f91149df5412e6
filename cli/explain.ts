import type { Command } from "commander";
import { isReason, reasons } from "../crds/reasons.ts";
import { notFound } from "./cli-error.ts";
import { closest } from "./output/closest.ts";
import { table } from "./output/table.ts";
import { runbookOf } from "./runbook.ts";
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

const showAll = ({ terminal }: Session): void => {
  const rows = Object.entries(reasons).map(([name, { kind, summary }]) => [name, kind, summary]);
  terminal.out(table(["REASON", "KIND", "WHAT IT SAYS"], rows, terminal));
};

/** `explain`: a reason of a condition or an Event, with its runbook. */
export const addExplain = (program: Command, session: Session): void => {
  program
    .command("explain")
    .description("what a reason in a condition or an Event means and what to do; alone it lists them all")
    .argument("[reason]", "for example CrashLoopBackOff")
    .action((asked: string | undefined) => {
      if (asked === undefined) {
        showAll(session);
        return;
      }
      const names = Object.keys(reasons);
      const reason = names.find((name) => name.toLowerCase() === asked.toLowerCase());
      if (reason === undefined || !isReason(reason)) {
        const near = closest(asked, names);
        const hints = near === undefined ? [] : [`Did you mean ${near}?`];
        throw notFound(`There is no reason "${asked}".`, { hints, next: "explain" });
      }
      const { kind, summary, next } = reasons[reason];
      const body = (runbookOf(reason) ?? "").replace(/^# .*\n+/, "").trim();
      const head = `${reason}\n\n${summary}\n${kindsInWords[kind]}\nNext: ${next}\n`;
      session.terminal.out(body === "" ? head : `${head}\n${body}\n`);
    });
};
