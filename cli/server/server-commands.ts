import type { Command } from "commander";
import type { DatabaseServer } from "../../crds/index.ts";
import { notFound } from "../cli-error.ts";
import { servers } from "../names.ts";
import { withOutput } from "../options.ts";
import { age } from "../output/age.ts";
import { bytesText } from "../output/bytes.ts";
import { closest } from "../output/closest.ts";
import { printList, printObject } from "../output/print-objects.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";

const readyOf = ({ status }: DatabaseServer) => status?.conditions?.find(({ type }) => type === "Ready");

const columns: readonly Column<DatabaseServer>[] = [
  { name: "Name", value: ({ metadata }) => metadata.name },
  { name: "Version", value: ({ status }) => status?.version ?? "" },
  { name: "Ready", value: (server) => readyOf(server)?.status ?? "Unknown" },
  { name: "Reason", value: (server) => readyOf(server)?.reason ?? "" },
  { name: "Databases", value: ({ status, spec }) => `${status?.databases ?? 0} of ${spec.capacity}` },
  { name: "Size", value: ({ status }) => bytesText(status?.bytes) },
  { name: "Class", wide: true, value: ({ spec }) => spec.class },
  { name: "Region", wide: true, value: ({ spec }) => spec.region ?? "" },
  { name: "Age", value: ({ metadata }, now) => age(metadata.creationTimestamp, now) },
  { name: "Message", wide: true, value: (server) => readyOf(server)?.message ?? "" },
];

/** `server`: the PostgreSQL servers that hold vaults' databases. */
export const addServer = (program: Command, session: Session): void => {
  const parent = program
    .command("server")
    .alias("servers")
    .alias("dbs")
    .description("PostgreSQL servers that hold vaults' databases");
  const { terminal, timer } = session;
  withOutput(parent.command("ls").alias("list").description("list servers")).action(async (options: OutputOptions) => {
    const all = await session.cluster().kube.list(servers);
    printList(all, { columns, options, terminal, now: timer.now() });
  });
  withOutput(parent.command("get").description("show a server; -o yaml shows all of it"))
    .argument("<name>", "name of a server")
    .action(async (name: string, options: OutputOptions) => {
      const { kube } = session.cluster();
      const found = await kube.find(servers, { name });
      if (found) {
        printObject(found, { columns, options, terminal, now: timer.now() });
        return;
      }
      const near = closest(
        name,
        (await kube.list(servers)).map(({ metadata }) => metadata.name),
      );
      const hints = near === undefined ? [] : [`Did you mean ${near}?`];
      throw notFound(`There is no server "${name}".`, { hints, next: "server ls" });
    });
};
