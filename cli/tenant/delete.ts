import type { Command } from "commander";
import type { Tenant } from "../../crds/index.ts";
import { failed } from "../cli-error.ts";
import { confirmByTyping } from "../confirm.ts";
import { tenants } from "../names.ts";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions, withYes, type YesOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { follow } from "../wait/follow.ts";
import { findTenant } from "./find-tenant.ts";
import { lookForGone } from "./tenant-state.ts";

const keepsNothing = ({ spec }: Tenant): boolean => /^(0+[hms])+$/.test(spec.retention);

const warningOf = (tenant: Tenant): string => {
  const { name } = tenant.metadata;
  const kept = keepsNothing(tenant)
    ? "Its data is destroyed at once and cannot be brought back (retention 0s)."
    : `Its data is kept for ${tenant.spec.retention} and can be brought back until then.`;
  return `The vault of ${tenant.spec.organization.name} (${name}) goes off the air. ${kept}`;
};

const expectUnprotected = ({ metadata, spec }: Tenant): void => {
  if (!spec.protected) return;
  throw failed(`The tenant "${metadata.name}" is protected from deletion.`, {
    hints: ["If it really is to go, take the protection away first."],
    next: `tenant edit ${metadata.name} --set protected=false`,
  });
};

type Options = WaitOptions & DryRunOptions & YesOptions;

const deleteOne = async (session: Session, slug: string, { wait, timeout, dryRun, yes }: Options): Promise<void> => {
  const { terminal } = session;
  const tenant = await findTenant(session, slug);
  const { uid } = tenant.metadata;
  expectUnprotected(tenant);
  if (!dryRun) await confirmByTyping(session, { warning: warningOf(tenant), word: slug, yes });
  await session.cluster().kube.delete(tenants, { name: slug }, { uid, dryRun });
  if (dryRun) {
    terminal.err(`The tenant "${slug}" would be deleted (dry run).\n`);
    return;
  }
  terminal.err(`The tenant "${slug}" is being deleted.\n`);
  if (!wait) return;
  const again = `tenant wait ${slug} --for deleted`;
  await follow(session, { kind: tenants, name: slug, look: lookForGone(uid), timeoutMs: timeout, again });
  const kept = keepsNothing(tenant) ? "" : ` To bring it back: ${session.program} retained ls`;
  terminal.err(`The tenant "${slug}" is gone.${kept}\n`);
};

/** `tenant delete`: the whole way down, after the slug was typed. */
export const addTenantDelete = (parent: Command, session: Session): void => {
  const command = parent.command("delete").alias("rm").description("delete tenants and wait until they are gone");
  withDryRun(withYes(withWait(command)))
    .argument("<slug...>", "names of tenants")
    .action(async (slugs: string[], options: Options) => {
      for (const slug of slugs) await deleteOne(session, slug, options);
    });
};
