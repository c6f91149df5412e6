import type { KubeObject } from "../../kube/kube.ts";
import type { Terminal } from "../session.ts";
import { type Column, jsonText, type OutputOptions, printRows, yamlText } from "./print-rows.ts";

/** An object as the API gives it, without the bookkeeping of who wrote what. */
export const asShown = <T extends KubeObject>(object: T): T => {
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
};

export type Shown<T extends KubeObject> = {
  columns: readonly Column<T>[];
  options: OutputOptions;
  terminal: Terminal;
  now: Date;
};

/** Objects in the form that was asked for. JSON and YAML of several are a List, as kubectl has it. */
export const printList = <T extends KubeObject>(objects: readonly T[], shown: Shown<T>): void =>
  printRows(objects, {
    ...shown,
    nameOf: ({ metadata }) => metadata?.name ?? "",
    document: { apiVersion: "v1", kind: "List", items: objects.map(asShown) },
    exampleField: ".spec.organization.name",
  });

/** One object in the form that was asked for. JSON and YAML are the API's object itself. */
export const printObject = <T extends KubeObject>(object: T, shown: Shown<T>): void => {
  const { options, terminal } = shown;
  if (options.output === "json") terminal.out(jsonText(asShown(object)));
  else if (options.output === "yaml") terminal.out(yamlText(asShown(object)));
  else printList([object], shown);
};
