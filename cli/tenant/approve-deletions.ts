import type { Command } from "commander";
import type { Tenant } from "../../crds/index.ts";
import { applyChange } from "../apply/apply-change.ts";
import { wrongUsage } from "../cli-error.ts";
import { confirmByTyping } from "../confirm.ts";
import { deletionAnswer, tenants } from "../names.ts";
import { type DryRunOptions, withDryRun, withYes, type YesOptions } from "../options.ts";
import { age } from "../output/age.ts";
import { several } from "../output/several.ts";
import { table } from "../output/table.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";
import { heldDeletion } from "./tenant-state.ts";

type Options = DryRunOptions & YesOptions & { all?: true; reject?: true };

const isHeld = (tenant: Tenant): boolean =>
  tenant.metadata.deletionTimestamp !== undefined && heldDeletion(tenant) !== undefined;

const showHeld = ({ terminal, timer }: Session, held: readonly Tenant[]): void => {
  const now = timer.now();
  const rows = held.map((tenant) => [
    tenant.metadata.name,
    tenant.spec.organization.name,
    age(tenant.metadata.deletionTimestamp, now),
    tenant.spec.retention,
    heldDeletion(tenant)?.message ?? "",
  ]);
  terminal.out(table(["NAME", "ORGANIZATION", "ASKED", "RETENTION", "WHY IT WAITS"], rows, terminal));
};

const chosen = async (session: Session, slugs: readonly string[], all: boolean): Promise<Tenant[]> => {
  if (slugs.length > 0 && all) throw wrongUsage("Name tenants or say --all, not both.");
  if (slugs.length > 0) return Promise.all(slugs.map((slug) => findTenant(session, slug)));
  return (await session.cluster().kube.list(tenants)).filter(isHeld);
};

const notWaiting = (tenant: Tenant): string | undefined =>
  tenant.metadata.deletionTimestamp ? undefined : `The tenant "${tenant.metadata.name}" is not being deleted.`;

/** `tenant approve-deletions`: the answer when the operator asks whether so many are really to go. */
export const addTenantApproveDeletions = (parent: Command, session: Session): void => {
  const command = parent
    .command("approve-deletions")
    .description("answer when the operator asks whether so many tenants are really to go; alone it lists them")
    .argument("[slug...]", "names of tenants")
    .option("--all", "all that wait for an answer")
    .option("--reject", "no: they come back under the same vault id");
  withDryRun(withYes(command)).action(async (slugs: string[], { all, reject, dryRun, yes }: Options) => {
    const { terminal } = session;
    const waiting = await chosen(session, slugs, all ?? false);
    const wrong = waiting.map(notWaiting).find((message) => message !== undefined);
    if (wrong !== undefined) throw wrongUsage(wrong);
    if (waiting.length === 0) {
      terminal.err("No deletion waits for an answer.\n");
      return;
    }
    if (slugs.length === 0 && !all) {
      showHeld(session, waiting);
      terminal.err(`Answer with --all, or with names; --reject keeps them.\n`);
      return;
    }
    const [only] = slugs;
    const word = slugs.length === 1 && only !== undefined ? only : String(waiting.length);
    const names = waiting.map(({ metadata }) => metadata.name).join(", ");
    if (!reject && !dryRun)
      await confirmByTyping(session, {
        warning: `${several(waiting.length, "vault goes", "vaults go")} off the air: ${names}.`,
        word,
        yes,
      });
    const change = { metadata: { annotations: { [deletionAnswer]: reject ? "rejected" : "approved" } } };
    for (const tenant of waiting) {
      await applyChange(session.cluster().kube, tenants, tenant, change, { dryRun });
      const said = reject ? "is kept" : "may go";
      terminal.err(`The tenant "${tenant.metadata.name}" ${said}${dryRun ? " (dry run)" : ""}.\n`);
    }
  });
};
