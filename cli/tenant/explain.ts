import type { Command } from "commander";
import type { Condition, Tenant } from "../../crds/index.ts";
import { inShort } from "../explain.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";
import { conditionOf, isJudged } from "./tenant-state.ts";

const blockOf = ({ type, reason, message }: Condition, program: string): string => {
  const known = inShort(reason);
  const lines = [
    `${type}: ${reason}`,
    `  ${message}`,
    ...(known ? [`  What to do: ${known.next}`, `  More: ${program} explain ${reason}`] : []),
  ];
  return `${lines.join("\n")}\n`;
};

/** Every condition that does not hold, each once by reason; Ready, the sum of them, only when it stands alone. */
const troubles = ({ status }: Tenant): Condition[] => {
  const failing = (status?.conditions ?? []).filter(
    // These two say that something is in the way; all others that something holds.
    ({ type, status: holds }) => holds === (type === "DeletionBlocked" || type === "DeletionHeld" ? "True" : "False"),
  );
  const own = failing.filter(({ type }) => type !== "Ready");
  return own.length > 0 ? own : failing;
};

/** `tenant explain`: why a tenant is as it is. */
export const addTenantExplain = (parent: Command, session: Session): void => {
  parent
    .command("explain")
    .description("why a tenant is as it is, and what to do")
    .argument("<slug>", "name of a tenant")
    .action(async (slug: string) => {
      const tenant = await findTenant(session, slug);
      const { terminal, program } = session;
      const { metadata, status } = tenant;
      if (!status || !isJudged(tenant)) terminal.err("The operator has not judged the newest spec yet.\n");
      terminal.out(`${slug} is ${status?.phase ?? "Pending"}. ${status?.message ?? ""}`.trimEnd() + "\n");
      for (const condition of troubles(tenant)) terminal.out(`\n${blockOf(condition, program)}`);
      if (metadata.deletionTimestamp)
        terminal.out(`\nIt is being deleted; its data is kept for ${tenant.spec.retention}.\n`);
      if (conditionOf(tenant, "Ready")?.status === "True")
        terminal.out("\nAll conditions hold: there is nothing to do.\n");
    });
};
