import { stringify } from "yaml";
import type { KubeObject } from "../../kube/kube.ts";
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

/** An object as the API gives it, without the bookkeeping of who wrote what. */
export const asShown = <T extends KubeObject>(object: T): T => {
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
};

export const yamlText = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const chosenColumns = <T extends KubeObject>(
  columns: readonly Column<T>[],
  { output, columns: named }: OutputOptions,
): Column<T>[] => {
  if (named === undefined) return columns.filter(({ wide }) => !wide || output === "wide");
  return named.split(",").map((wanted) => {
    const name = wanted.trim();
    if (name.startsWith(".")) return { name, value: (object) => cellAt(object, name) };
    const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    const known = columns.map((column) => column.name.toLowerCase()).join(", ");
    throw wrongUsage(`There is no column "${name}".`, {
      hints: [`Columns: ${known}; or a field such as .spec.organization.name`],
    });
  });
};

export type Shown<T extends KubeObject> = {
  columns: readonly Column<T>[];
  options: OutputOptions;
  terminal: Terminal;
  now: Date;
};

const tableOf = <T extends KubeObject>(
  objects: readonly T[],
  { columns, options, terminal, now }: Shown<T>,
): string => {
  const chosen = chosenColumns(columns, options);
  return table(
    chosen.map(({ name }) => (name.startsWith(".") ? name : name.toUpperCase())),
    objects.map((object) => chosen.map(({ value }) => value(object, now))),
    terminal,
  );
};

const nameOf = (object: KubeObject): string => object.metadata?.name ?? "";

/** Objects in the form that was asked for. JSON and YAML of several are a List, as kubectl has it. */
export const printList = <T extends KubeObject>(objects: readonly T[], shown: Shown<T>): void => {
  const { options, terminal } = shown;
  const list = { apiVersion: "v1", kind: "List", items: objects.map(asShown) };
  const text = {
    table: () => tableOf(objects, shown),
    wide: () => tableOf(objects, shown),
    json: () => jsonText(list),
    yaml: () => yamlText(list),
    name: () => objects.map((object) => `${nameOf(object)}\n`).join(""),
  }[options.output];
  terminal.out(text());
};

/** One object in the form that was asked for. JSON and YAML are the API's object itself. */
export const printObject = <T extends KubeObject>(object: T, shown: Shown<T>): void => {
  const { options, terminal } = shown;
  if (options.output === "json") terminal.out(jsonText(asShown(object)));
  else if (options.output === "yaml") terminal.out(yamlText(asShown(object)));
  else printList([object], shown);
};
