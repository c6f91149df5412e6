import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import type { Tenant } from "../../crds/index.ts";
import { applyChange } from "../apply/apply-change.ts";
import { type Change, changeAt, withChange } from "../apply/change.ts";
import { failed, wrongUsage } from "../cli-error.ts";
import { tenants } from "../names.ts";
import { type DryRunOptions, withDryRun } from "../options.ts";
import { fieldAt } from "../output/field-at.ts";
import { yamlText } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";

type Options = DryRunOptions & { set: string[]; unset: string[] };

const collect = (value: string, before: string[]): string[] => [...before, value];

const merge = (changes: readonly Change[]): Change =>
  changes.reduce<Change>((all, change) => mergeTwo(all, change), {});

/** As withChange, but a removal stays a removal. */
const mergeTwo = (left: Change, right: Change): Change =>
  Object.entries(right).reduce<Change>((all, [name, value]) => {
    const before = all[name];
    const both = [before, value].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    return { ...all, [name]: both ? mergeTwo(before as Change, value as Change) : value };
  }, left);

const settingOf = (text: string): Change => {
  const [path, value] = [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)];
  if (!text.includes("=") || path === "")
    throw wrongUsage(`--set ${text} is no setting.`, {
      hints: ["Write field=value, for example --set plan=tier1 or --set limits.members=50"],
    });
  return { spec: changeAt(path.split("."), parse(value)) };
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was changed between two specs: values that differ, null for what is gone. */
const changeBetween = (before: Record<string, unknown>, after: Record<string, unknown>): Change => {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differences = [...names].flatMap((name): [string, unknown][] => {
    const [was, is] = [before[name], after[name]];
    if (!isMap(was) || !isMap(is)) return JSON.stringify(was) === JSON.stringify(is) ? [] : [[name, is ?? null]];
    const below = changeBetween(was, is);
    return Object.keys(below).length === 0 ? [] : [[name, below]];
  });
  return Object.fromEntries(differences);
};

const banner = (slug: string): string =>
  `# The spec of the tenant "${slug}". Save and close to apply it; nothing is written when nothing has changed.\n`;

/** Lets the person change the spec in an editor. */
const editedSpec = async (session: Session, { metadata, spec }: Tenant): Promise<Change> => {
  if (!session.terminal.interactive)
    throw wrongUsage("There is no terminal for an editor.", {
      hints: ["Say what to change with --set field=value or --unset field."],
    });
  const editor = session.env["KUBE_EDITOR"] ?? session.env["VISUAL"] ?? session.env["EDITOR"] ?? "vi";
  const folder = mkdtempSync(join(tmpdir(), "polyphony-"));
  const file = join(folder, `${metadata.name}.yaml`);
  try {
    writeFileSync(file, `${banner(metadata.name)}${yamlText(spec)}`, { mode: 0o600 });
    const code = await session.run("sh", ["-c", `${editor} "$1"`, "editor", file]);
    if (code !== 0) throw failed(`The editor (${editor}) ended with ${code}; nothing was written.`);
    const edited: unknown = parse(readFileSync(file, "utf8"));
    if (!isMap(edited)) throw failed("What was saved is no spec; nothing was written.");
    const change = changeBetween(spec, edited);
    return Object.keys(change).length === 0 ? {} : { spec: change };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const text = (value: unknown): string => {
  if (value === undefined || value === null) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** The paths that a change names, to show before and after. */
const pathsOf = (change: Change, above: readonly string[] = []): string[] =>
  Object.entries(change).flatMap(([name, value]) =>
    isMap(value) ? pathsOf(value, [...above, name]) : [[...above, name].join(".")],
  );

/** `tenant edit`: fields of the spec, by options or in an editor. */
export const addTenantEdit = (parent: Command, session: Session): void => {
  const command = parent.command("edit").description("change fields of a tenant's spec, with --set or in an editor");
  withDryRun(command)
    .argument("<slug>", "name of a tenant")
    .option(
      "--set <field=value>",
      "set a field of spec, for example plan=tier1; may be given more than once",
      collect,
      [],
    )
    .option(
      "--unset <field>",
      "take a field of spec away, for example release.pin; may be given more than once",
      collect,
      [],
    )
    .action(async (slug: string, { set, unset, dryRun }: Options) => {
      const { terminal } = session;
      const tenant = await findTenant(session, slug);
      const asked = [
        ...set.map(settingOf),
        ...unset.map((field): Change => ({ spec: changeAt(field.split("."), null) })),
      ];
      const change = asked.length > 0 ? merge(asked) : await editedSpec(session, tenant);
      const { spec: wanted } = withChange({ spec: tenant.spec }, change);
      if (!isMap(wanted) || Object.keys(changeBetween(tenant.spec, wanted)).length === 0) {
        terminal.err(`The tenant "${slug}" is like that already; nothing was written.\n`);
        return;
      }
      const after = await applyChange(session.cluster().kube, tenants, tenant, change, { dryRun });
      for (const path of pathsOf(change))
        terminal.err(
          `${path.replace(/^spec\./, "")}: ${text(fieldAt(tenant, path))} → ${text(fieldAt(after, path))}\n`,
        );
      terminal.err(`The tenant "${slug}" ${dryRun ? "may be changed so (dry run)" : "is changed"}.\n`);
    });
};
