import type { Tenant } from "../../crds/index.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { durationMs } from "../duration.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { done, type Outcome } from "../outcome.ts";
import { admitDeletion } from "./admit-deletion.ts";
import { serverNameOf, vaultIdOf } from "./caches.ts";
import { serverFor } from "./database-server-for.ts";
import type { TenantDeps } from "./deps.ts";
import { deletionSteps, type DeletionStep, type Going } from "./finalize-steps.ts";
import { tenantKind } from "./gather.ts";
import { finalizer } from "./names.ts";
import { writeRecord } from "./retain.ts";
import { holdsVault } from "./vault-holder.ts";

/** How far a deletion has come. */
export type Farewell =
  /** The breaker asks first: until then the vault lives on. */
  { kind: "held" } | { kind: "going"; step: number; of: number; current: string; outcome: Outcome };

const observe = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<Going> => {
  const server = serverNameOf(tenant);
  const facts = server === null ? null : await serverFor(server, deps).observe(vaultId);
  const keeps = durationMs(tenant.spec.retention) > 0 && facts?.database?.finished === true;
  return { tenant, vaultId, server, facts, keeps };
};

const release = async (tenant: Tenant, deps: TenantDeps): Promise<void> => {
  const { name, uid, resourceVersion, finalizers = [] } = tenant.metadata;
  const left = finalizers.filter((one) => one !== finalizer);
  await deps.kube
    .patch(tenantKind, { name }, { metadata: { uid, resourceVersion, finalizers: left } })
    .catch(ignoreNotFound);
};

/**
 * The answer was no. A Tenant cannot be undeleted, so it is made anew: its record says so first, and carries all that
 * is needed; whoever finds the record without the Tenant goes on (retained-vault/bring-back.ts). The vault serves on.
 */
const takeBack = async (going: Going, deps: TenantDeps): Promise<boolean> => {
  const { server, facts } = going;
  if (server === null || !facts?.database?.finished) return false;
  await writeRecord({ ...going, server }, deps, true);
  return true;
};

/** The step under way while none has begun: the same for people as the first. */
const stepsFor = (going: Going): DeletionStep[] => deletionSteps.filter(({ needed }) => needed(going));

const takeDown = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<Farewell> => {
  const at = { step: 0, of: deletionSteps.length, current: "Observe" };
  try {
    let going = await observe(tenant, vaultId, deps);
    const steps = stepsFor(going);
    at.of = steps.length + 1;
    for (const [index, step] of steps.entries()) {
      Object.assign(at, { step: index, current: step.name });
      if (await step.isDone(going, deps)) continue;
      await step.act(going, deps);
      going = { ...(await observe(tenant, vaultId, deps)), keeps: going.keeps };
    }
    Object.assign(at, { step: steps.length, current: "LetGo" });
    await release(tenant, deps);
    return { kind: "going", ...at, outcome: done() };
  } catch (error) {
    return { kind: "going", ...at, outcome: outcomeOf(error) };
  }
};

const letGo = async (tenant: Tenant, deps: TenantDeps): Promise<Farewell> => {
  await release(tenant, deps);
  return { kind: "going", step: 1, of: 1, current: "LetGo", outcome: done() };
};

/**
 * Takes a deleted Tenant's vault down, step by step, each seen to be done before the next; then the Tenant may go.
 * Runs at any time, twice, and after a kill anywhere.
 */
export const finalize = async (tenant: Tenant, deps: TenantDeps): Promise<Farewell> => {
  if (!(tenant.metadata.finalizers ?? []).includes(finalizer)) {
    return { kind: "going", step: 1, of: 1, current: "LetGo", outcome: done() };
  }
  const vaultId = vaultIdOf(tenant);
  if (vaultId === null || !(await holdsVault(tenant, vaultId, deps))) return letGo(tenant, deps);
  const admission = await admitDeletion(tenant, deps);
  if (admission === "held") return { kind: "held" };
  if (admission === "rejected" && (await takeBack(await observe(tenant, vaultId, deps), deps)))
    return letGo(tenant, deps);
  return takeDown(tenant, vaultId, deps);
};
