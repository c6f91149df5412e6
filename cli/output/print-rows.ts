import { stringify } from "yaml";
import { wrongUsage } from "../cli-error.ts";
import type { Terminal } from "../session.ts";
import { cellAt } from "./field-at.ts";
import { table } from "./table.ts";

export const formats = ["table", "wide", "json", "yaml", "name"] as const;
export type OutputOptions = {
  output: (typeof formats)[number];
  /** Columns by name, or paths such as .spec.plan, separated by commas. */
  columns?: string;
};

export type Column<T> = {
  name: string;
  value: (object: T, now: Date) => string;
  /** Only with -o wide, or when it is named. */
  wide?: true;
};

export const yamlText = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const chosenColumns = <T>(
  columns: readonly Column<T>[],
  { output, columns: named }: OutputOptions,
  exampleField: string,
): Column<T>[] => {
  if (named === undefined) return columns.filter(({ wide }) => !wide || output === "wide");
  return named.split(",").map((wanted) => {
    const name = wanted.trim();
    if (name.startsWith(".")) return { name, value: (object) => cellAt(object, name) };
    const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    const known = columns.map((column) => column.name.toLowerCase()).join(", ");
    throw wrongUsage(`There is no column "${name}".`, {
      hints: [`Columns: ${known}; or a field such as ${exampleField}`],
    });
  });
};

export type ShownRows<T> = {
  columns: readonly Column<T>[];
  options: OutputOptions;
  terminal: Terminal;
  now: Date;
  /** What -o name prints. */
  nameOf: (row: T) => string;
  /** What -o json and -o yaml print: the API's own object. */
  document: unknown;
  /** A field to name to whoever names a column that is not there. */
  exampleField: string;
};

/** Rows in the form that was asked for. */
export const printRows = <T>(rows: readonly T[], shown: ShownRows<T>): void => {
  const { columns, options, terminal, now, nameOf, document, exampleField } = shown;
  const asTable = (): string => {
    const chosen = chosenColumns(columns, options, exampleField);
    return table(
      chosen.map(({ name }) => (name.startsWith(".") ? name : name.toUpperCase())),
      rows.map((row) => chosen.map(({ value }) => value(row, now))),
      terminal,
    );
  };
  const text = {
    table: asTable,
    wide: asTable,
    json: () => jsonText(document),
    yaml: () => yamlText(document),
    name: () => rows.map((row) => `${nameOf(row)}\n`).join(""),
  }[options.output];
  terminal.out(text());
};
