import type { Tenant } from "../../crds/index.ts";
import { applyChange } from "../apply/apply-change.ts";
import type { Change } from "../apply/change.ts";
import { conflict } from "../cli-error.ts";
import { tenants } from "../names.ts";
import type { DryRunOptions, WaitOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { follow } from "../wait/follow.ts";
import { findTenant } from "./find-tenant.ts";
import { lookFor } from "./tenant-state.ts";

export type Step = {
  /** What is asked for, given the tenant as it is; undefined when there is nothing to do. */
  change: (tenant: Tenant) => Change | undefined;
  /** Said when there is nothing to do. */
  already: string;
  /** Said when the cluster has taken it, for example `is being suspended`. */
  begun: string;
  /** Whether it is done, given the tenant before and now. */
  reached: (tenant: Tenant, before: Tenant) => boolean;
  /** Said when it is done, for example `is suspended`. */
  done: string;
};

/** A step that depends on more than the tenant at hand. */
export type StepFor = (before: Tenant) => Promise<Step>;

/** Changes a tenant and waits until the operator has made it so. */
export const changeTenant = async (
  session: Session,
  slug: string,
  plan: Step | StepFor,
  { wait, timeout, dryRun }: WaitOptions & DryRunOptions,
): Promise<void> => {
  const { terminal } = session;
  const before = await findTenant(session, slug);
  if (before.metadata.deletionTimestamp)
    throw conflict(`The tenant "${slug}" is being deleted and cannot be changed.`, { next: `tenant status ${slug}` });
  const step = typeof plan === "function" ? await plan(before) : plan;
  const change = step.change(before);
  if (change !== undefined) await applyChange(session.cluster().kube, tenants, before, change, { dryRun });
  if (dryRun) {
    terminal.err(`The tenant "${slug}" ${change === undefined ? step.already : "may be changed so"} (dry run).\n`);
    return;
  }
  terminal.err(`The tenant "${slug}" ${change === undefined ? step.already : step.begun}.\n`);
  if (!wait || (change === undefined && step.reached(before, before))) return;
  const look = lookFor(slug, (tenant) => step.reached(tenant, before));
  await follow(session, { kind: tenants, name: slug, look, timeoutMs: timeout, again: `tenant status ${slug}` });
  terminal.err(`The tenant "${slug}" ${step.done}.\n`);
};

/** Does it to each in turn; the first that fails ends it, and those before it stay done. */
export const changeEach = async (
  session: Session,
  slugs: readonly string[],
  plan: Step | StepFor,
  how: WaitOptions & DryRunOptions,
): Promise<void> => {
  for (const slug of slugs) await changeTenant(session, slug, plan, how);
};
