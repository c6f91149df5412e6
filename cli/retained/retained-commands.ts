import type { Command } from "commander";
import type { RetainedVault } from "../../crds/index.ts";
import { retainedVaults } from "../names.ts";
import { withOutput } from "../options.ts";
import { age, until } from "../output/age.ts";
import { printList, printObject } from "../output/print-objects.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { findRetained } from "./find-retained.ts";
import { addRetainedPurge } from "./purge.ts";
import { addRetainedRestore } from "./restore.ts";

const phaseOf = ({ status }: RetainedVault): string => status?.phase ?? "Kept";

const columns: readonly Column<RetainedVault>[] = [
  { name: "Name", value: ({ metadata }) => metadata.name },
  { name: "Slug", value: ({ spec }) => spec.slug },
  { name: "Organization", value: ({ spec }) => spec.organization.name },
  { name: "Phase", value: phaseOf },
  { name: "Kept for", value: (one, now) => (phaseOf(one) === "Kept" ? until(one.spec.keepUntil, now) : "") },
  { name: "Release", wide: true, value: ({ spec }) => spec.release },
  { name: "Server", wide: true, value: ({ spec }) => spec.databaseServer },
  { name: "Database", wide: true, value: ({ spec }) => spec.database },
  { name: "Age", value: ({ metadata }, now) => age(metadata.creationTimestamp, now) },
  { name: "Message", wide: true, value: ({ status }) => status?.message ?? "" },
];

/** `retained`: what deleted tenants leave for their retention time. */
export const addRetained = (program: Command, session: Session): void => {
  const parent = program
    .command("retained")
    .alias("rv")
    .description("what deleted tenants leave for their retention time");
  const { terminal, timer } = session;
  withOutput(parent.command("ls").alias("list").description("list retained vaults")).action(
    async (options: OutputOptions) => {
      const all = await session.cluster().kube.list(retainedVaults);
      printList(all, { columns, options, terminal, now: timer.now() });
    },
  );
  withOutput(parent.command("get").description("show a retained vault; -o yaml shows all of it"))
    .argument("<name>", "its name, or the slug that its tenant had")
    .action(async (name: string, options: OutputOptions) => {
      printObject(await findRetained(session, name), { columns, options, terminal, now: timer.now() });
    });
  addRetainedRestore(parent, session);
  addRetainedPurge(parent, session);
};
