import type { Command } from "commander";
import { z } from "zod";
import type { RetainedVault } from "../../crds/index.ts";
import { conflict, wrongUsage } from "../cli-error.ts";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions } from "../options.ts";
import { yamlText } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { awaitReady, createTenant } from "../tenant/create.ts";
import { parseOwner } from "../tenant/owner.ts";
import { findRetained } from "./find-retained.ts";

/** The annotation in which the operator keeps the Tenant as it was. */
const lastTenant = "polyphony.dev/last-tenant";

const LastTenant = z.object({
  labels: z.record(z.string(), z.string()).default({}),
  spec: z.record(z.string(), z.unknown()),
});
type LastTenant = z.infer<typeof LastTenant>;

const lastOf = ({ metadata }: RetainedVault): LastTenant | undefined => {
  try {
    return LastTenant.parse(JSON.parse(metadata.annotations?.[lastTenant] ?? ""));
  } catch {
    // A record from before, or one that somebody has changed.
    return undefined;
  }
};

type Wish = { as?: string; plan?: string; owner?: { name: string; email: string } };

/** The Tenant that takes the vault over: as it was, with what the person wants otherwise. */
export const tenantFor = (retained: RetainedVault, { as, plan, owner }: Wish): Record<string, unknown> => {
  const { spec } = retained;
  const last = lastOf(retained);
  const kept = { ...last?.spec };
  // A vault is adopted once; from then on it is ours.
  delete kept["adoptDatabase"];
  const wanted = { ...kept, ...(plan === undefined ? {} : { plan }), ...(owner === undefined ? {} : { owner }) };
  const missing = ["plan", "owner"].filter((field) => !(field in wanted)).map((field) => `--${field}`);
  if (missing.length > 0)
    throw wrongUsage(
      `The record of "${retained.metadata.name}" does not say everything: say ${missing.join(" and ")}.`,
    );
  return {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name: as ?? spec.slug, ...(last ? { labels: last.labels } : {}) },
    spec: {
      ...wanted,
      organization: spec.organization,
      template: spec.template,
      restoreFrom: retained.metadata.name,
    },
  };
};

const expectKept = ({ metadata, status }: RetainedVault): void => {
  const { phase, restoredBy } = status ?? {};
  if (phase === undefined || phase === "Kept") return;
  const by = restoredBy ? ` by the tenant "${restoredBy.tenant}"` : "";
  throw conflict(`The retained vault "${metadata.name}" is ${phase}${by}.`, {
    next: restoredBy ? `tenant status ${restoredBy.tenant}` : "retained ls",
  });
};

/** `retained restore`: a deleted tenant's vault with every row, under the same vault id. */
export const addRetainedRestore = (parent: Command, session: Session): void => {
  const command = parent.command("restore").description("bring a deleted vault back with all its data");
  withDryRun(withWait(command))
    .argument("<name>", "name of a retained vault")
    .option("--as <slug>", "another name than it had")
    .option("--plan <plan>", "another plan than it had")
    .option("--owner <name and mail>", "another owner than it had", parseOwner)
    .action(async (name: string, { wait, timeout, dryRun, ...wish }: Wish & WaitOptions & DryRunOptions) => {
      const { terminal } = session;
      const retained = await findRetained(session, name);
      expectKept(retained);
      const made = await createTenant(session, tenantFor(retained, wish), dryRun);
      const slug = made.metadata.name;
      if (dryRun) {
        terminal.err(`The tenant "${slug}" would be made so (dry run).\n`);
        terminal.out(yamlText(made.spec));
        return;
      }
      terminal.err(`The tenant "${slug}" takes over "${retained.metadata.name}".\n`);
      if (wait) await awaitReady(session, slug, timeout);
    });
};
