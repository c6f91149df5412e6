import { type Command, Option } from "commander";
import type { VaultRelease } from "../../crds/index.ts";
import { applyChange } from "../apply/apply-change.ts";
import { conflict, failed, notFound } from "../cli-error.ts";
import { isConflict } from "../../kube/errors.ts";
import { releases, templates } from "../names.ts";
import { type DryRunOptions, withDryRun, withOutput } from "../options.ts";
import { age } from "../output/age.ts";
import { closest } from "../output/closest.ts";
import { printList, printObject } from "../output/print-objects.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";

/** A release, and which channels of its template point at it. */
type Row = VaultRelease & { channels?: string };

const readyOf = ({ status }: VaultRelease) => status?.conditions?.find(({ type }) => type === "Ready");

const columns: readonly Column<Row>[] = [
  { name: "Name", value: ({ metadata }) => metadata.name },
  { name: "Template", wide: true, value: ({ spec }) => spec.template },
  { name: "Version", value: ({ spec }) => spec.version },
  { name: "Schema", value: ({ spec }) => String(spec.schemaVersion) },
  { name: "Ready", value: (release) => readyOf(release)?.status ?? "Unknown" },
  { name: "Reason", value: (release) => readyOf(release)?.reason ?? "" },
  { name: "Tenants", value: ({ status }) => String(status?.tenants ?? 0) },
  { name: "Pending", wide: true, value: ({ status }) => String(status?.followers?.pending ?? 0) },
  { name: "Failing", wide: true, value: ({ status }) => String(status?.followers?.failing ?? 0) },
  { name: "Digest", wide: true, value: ({ spec }) => spec.image.digest },
  { name: "Age", value: ({ metadata }, now) => age(metadata.creationTimestamp, now) },
];

const findRelease = async (session: Session, name: string): Promise<VaultRelease> => {
  const { kube } = session.cluster();
  const found = await kube.find(releases, { name });
  if (found) return found;
  const near = closest(
    name,
    (await kube.list(releases)).map(({ metadata }) => metadata.name),
  );
  const hints = near === undefined ? [] : [`Did you mean ${near}?`];
  throw notFound(`There is no release "${name}".`, { hints, next: "release ls" });
};

const addLs = (parent: Command, session: Session): void => {
  withOutput(parent.command("ls").alias("list").description("list releases, the channels that point at them first"))
    .option("--template <name>", "only those of this template")
    .action(async ({ template, ...options }: OutputOptions & { template?: string }) => {
      const { kube } = session.cluster();
      const [all, known] = await Promise.all([kube.list(releases), kube.list(templates)]);
      const chosen = all.filter(({ spec }) => template === undefined || spec.template === template);
      const channelsOf = (release: VaultRelease): string => {
        const channels = known.find(({ metadata }) => metadata.name === release.spec.template)?.spec.channels ?? {};
        const names = Object.entries(channels).filter(([, version]) => version === release.spec.version);
        return names
          .map(([name]) => name)
          .sort()
          .join(",");
      };
      const channel: Column<Row> = { name: "Channels", value: channelsOf };
      const { terminal, timer } = session;
      const shown = [...columns.slice(0, 3), channel, ...columns.slice(3)];
      printList<Row>(chosen, { columns: shown, options, terminal, now: timer.now() });
    });
};

const addGet = (parent: Command, session: Session): void => {
  withOutput(parent.command("get").description("show a release; -o yaml shows all of it"))
    .argument("<name>", "<template>-<version>")
    .action(async (name: string, options: OutputOptions) => {
      const { terminal, timer } = session;
      printObject<Row>(await findRelease(session, name), { columns, options, terminal, now: timer.now() });
    });
};

type Promote = DryRunOptions & { channel: string; takeOver?: true };

const expectUsable = (release: VaultRelease): void => {
  const ready = readyOf(release);
  if (ready?.status === "True") return;
  throw failed(`The release "${release.metadata.name}" is not ready: ${ready?.reason ?? "nobody has judged it yet"}.`, {
    hints: ready ? [ready.message] : [],
    next: `release get ${release.metadata.name} -o yaml`,
  });
};

/** Points a channel of its template at a release: every tenant that follows the channel is upgraded, in its window. */
const promote = async (session: Session, name: string, { channel, takeOver, dryRun }: Promote): Promise<void> => {
  const { terminal } = session;
  const { kube } = session.cluster();
  const release = await findRelease(session, name);
  expectUsable(release);
  const template = await kube.get(templates, { name: release.spec.template });
  const before = template.spec.channels[channel];
  if (before === release.spec.version) {
    terminal.err(`The channel "${channel}" points at ${before} already.\n`);
    return;
  }
  const change = { spec: { channels: { [channel]: release.spec.version } } };
  await applyChange(kube, templates, template, change, { dryRun, force: takeOver }).catch((error: unknown) => {
    if (!isConflict(error) || error.managers.length === 0) throw error;
    const managers = error.managers.map((manager) => `"${manager}"`).join(" and ");
    throw conflict(`The channel "${channel}" of the template "${template.metadata.name}" is held by ${managers}.`, {
      hints: [
        `Change it there (of Helm: the values template.release and template.channels), or take the channel over with --take-over: its next change there is then a conflict.`,
      ],
      cause: error,
    });
  });
  const said = dryRun ? "may point" : "points";
  terminal.err(
    `The channel "${channel}" of "${template.metadata.name}" ${said} at ${release.spec.version} (before: ${before ?? "nothing"}).\n`,
  );
  if (!dryRun) terminal.err(`Watch its followers: ${session.program} release get ${name} -o wide\n`);
};

/** `release`: versions of templates. */
export const addRelease = (program: Command, session: Session): void => {
  const release = program.command("release").alias("releases").alias("vr").description("versions of templates");
  addLs(release, session);
  addGet(release, session);
  withDryRun(
    release.command("promote").description("point a channel at a release: the tenants that follow it are upgraded"),
  )
    .argument("<name>", "<template>-<version>")
    .addOption(new Option("--channel <name>", "which channel").default("stable"))
    .option("--take-over", "also when another manager, such as Helm, holds the channel")
    .action((name: string, options: Promote) => promote(session, name, options));
};
