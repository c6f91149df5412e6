import type { Tenant } from "../../../crds/index.ts";
import { ignoreNotFound } from "../../../kube/errors.ts";
import { durationMs } from "../../duration.ts";
import { outcomeOf } from "../../kube-outcome.ts";
import { done, type Outcome } from "../../outcome.ts";
import { admitDeletion } from "./admit-deletion.ts";
import { serverNameOf, vaultIdOf } from "../caches.ts";
import { serverFor } from "../database-server-for.ts";
import type { TenantDeps } from "../deps.ts";
import { deletionSteps, type Going } from "./finalize-steps.ts";
import { tenantKind } from "../gather.ts";
import { finalizer } from "../names.ts";
import { writeRecord } from "./retain.ts";
import { holdsVault } from "../identity/vault-holder.ts";

type HeldFarewell = { kind: "held" };
type UndecidedFarewell = { kind: "undecided"; outcome: Outcome };
export type GoingFarewell = { kind: "going"; step: number; of: number; current: string; outcome: Outcome };

/**
 * What becomes of a deleted Tenant. `held`: the breaker asks first, and until then the vault lives on. `undecided`: it
 * could not be found out whether the deletion may begin, so it has not. `going`: how far it has come.
 */
export type Farewell = HeldFarewell | UndecidedFarewell | GoingFarewell;

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

const letGo = async (tenant: Tenant, deps: TenantDeps): Promise<GoingFarewell> => {
  await release(tenant, deps);
  return { kind: "going", step: 1, of: 1, current: "LetGo", outcome: done() };
};

/**
 * The answer was no. A Tenant cannot be undeleted, so it is made anew: its record says so first, and carries all that
 * is needed; whoever finds the record without the Tenant goes on (retained-vault/bring-back.ts). The vault serves on.
 */
const takeBack = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<Farewell> => {
  const { server, facts } = await observe(tenant, vaultId, deps);
  // There is nothing that a new Tenant could take over: this one stays what it is, and its deletion held.
  if (server === null || !facts?.database?.finished) return { kind: "held" };
  await writeRecord({ tenant, vaultId, server }, deps, true);
  return letGo(tenant, deps);
};

const takeDown = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<GoingFarewell> => {
  const at = { step: 0, of: deletionSteps.length, current: "Observe" };
  try {
    let going = await observe(tenant, vaultId, deps);
    const { keeps } = going;
    const steps = deletionSteps.filter(({ needed }) => needed(going));
    at.of = steps.length + 1;
    for (const [index, step] of steps.entries()) {
      Object.assign(at, { step: index, current: step.name });
      if (await step.isDone(going, deps)) continue;
      await step.act(going, deps);
      going = { ...(await observe(tenant, vaultId, deps)), keeps };
    }
    Object.assign(at, { step: steps.length, current: "LetGo" });
    await release(tenant, deps);
    return { kind: "going", ...at, outcome: done() };
  } catch (error) {
    return { kind: "going", ...at, outcome: outcomeOf(error) };
  }
};

/** Whether the deletion goes on, and if not, what else becomes of the Tenant. */
const decide = async (tenant: Tenant, deps: TenantDeps): Promise<Farewell | { kind: "begin"; vaultId: string }> => {
  const vaultId = vaultIdOf(tenant);
  if (vaultId === null || !(await holdsVault(tenant, vaultId, deps))) return letGo(tenant, deps);
  const admission = await admitDeletion(tenant, deps);
  if (admission === "held") return { kind: "held" };
  return admission === "rejected" ? takeBack(tenant, vaultId, deps) : { kind: "begin", vaultId };
};

/**
 * Takes a deleted Tenant's vault down, step by step, each seen to be done before the next; then the Tenant may go.
 * Runs at any time, twice, and after a kill anywhere.
 */
export const finalize = async (tenant: Tenant, deps: TenantDeps): Promise<Farewell> => {
  if (!(tenant.metadata.finalizers ?? []).includes(finalizer)) return { kind: "undecided", outcome: done() };
  const decision = await decide(tenant, deps).catch((error: unknown): UndecidedFarewell => ({
    kind: "undecided",
    outcome: outcomeOf(error),
  }));
  return decision.kind === "begin" ? takeDown(tenant, decision.vaultId, deps) : decision;
};
