import { type Column, type OutputOptions, printRows } from "../output/print-rows.ts";
import type { Session } from "../session.ts";

export type Table<T> = {
  readonly columns: readonly Column<T>[];
  /** What -o name prints: what other commands take. */
  readonly nameOf: (row: T) => string;
  /** A field such as .slug, for whoever names a column that is not there. */
  readonly exampleField: string;
};

/** Rows of the API in the form that was asked for; JSON and YAML are the reply they came in. */
export const showRows = <T>(
  { terminal, timer }: Session,
  { rows, reply, options }: { rows: readonly T[]; reply: unknown; options: OutputOptions },
  { columns, nameOf, exampleField }: Table<T>,
): void => printRows(rows, { columns, options, terminal, now: timer.now(), nameOf, document: reply, exampleField });

/** Whether what is printed is for people, who are told more on standard error. */
export const isForPeople = ({ output }: OutputOptions): boolean => output === "table" || output === "wide";
