import type { Tenant } from "../../../crds/index.ts";
import { ignoreNotFound } from "../../../kube/errors.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { annotations, namespaceOf } from "../../../operator/tenant/names.ts";
import { vaultDatabaseName } from "../../../operator/database/names.ts";
import { manifests, type TenantChanges } from "../world/manifests.ts";
import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import { setTimeout as sleep } from "node:timers/promises";

/** What operations are made of. */
export const tenantKind = typed<Tenant>(kinds.tenant);

export const slugOf = (subject: Subject): string => subject.slugs.at(-1) ?? "";
export const vaultOf = (subject: Subject): string => subject.vaults.at(-1) ?? "";

/** Creates the Tenant, and knows from its UID which vault it becomes, unless it brings one back. */
export const createTenant = async (world: World, subject: Subject, changes: TenantChanges = {}): Promise<void> => {
  const manifest = manifests.tenant(slugOf(subject), changes);
  const created = world.kube.create(tenantKind, manifest, { fieldManager: "person" }).then(({ metadata }) => {
    if (!changes.restoreFrom) subject.vaults.push(metadata.uid);
  });
  subject.known = created.catch(() => undefined);
  await created;
};

/** Changes the Tenant as a person would. */
export const editTenant = async (world: World, subject: Subject, patch: object): Promise<void> => {
  await world.kube.patch(tenantKind, { name: slugOf(subject) }, patch as Record<string, unknown>, {
    fieldManager: "person",
  });
};

/** Deletes the Tenant, as one of few that were approved beforehand. */
export const deleteTenant = async (world: World, subject: Subject): Promise<void> => {
  await editTenant(world, subject, { metadata: { annotations: { [annotations.deletion]: "approved" } } });
  subject.mayStop.add(vaultOf(subject));
  await world.kube.delete(tenantKind, { name: slugOf(subject) });
};

export const findTenant = (world: World, subject: Subject): Promise<Tenant | undefined> =>
  world.kube.find(tenantKind, { name: slugOf(subject) });

/** Puts a row into the vault, to see later whose rows are where. */
export const plantRow = async (world: World, subject: Subject, name = "Planted by the test"): Promise<void> => {
  await world.admin.runIn(vaultDatabaseName(vaultOf(subject)), "INSERT INTO member (name) VALUES ($1)", [name]);
};

const podsUnsettled = async (world: World, subject: Subject, wanted: number): Promise<string | undefined> => {
  const pods = await world.kube.list(kinds.pod, { namespace: namespaceOf(vaultOf(subject)) });
  const ready = pods.filter(({ metadata, status }) => {
    const isReady = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
    return isReady && !metadata?.deletionTimestamp;
  });
  if (pods.length === wanted && ready.length === wanted) return undefined;
  return `${ready.length} of ${pods.length} pods are ready, ${wanted} are wanted`;
};

export interface Goal {
  readonly phase: NonNullable<NonNullable<Tenant["status"]>["phase"]>;
  readonly pods: number;
  readonly release?: string;
}

/** Why the Tenant is not where it is to be. */
export const tenantUnsettled = async (world: World, subject: Subject, goal: Goal): Promise<string | undefined> => {
  const tenant = await findTenant(world, subject);
  if (!tenant) return "there is no Tenant";
  const { metadata, status } = tenant;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const told = `${status?.phase ?? "no phase"}, ${ready?.reason ?? "no condition"}: ${status?.message ?? ""}`;
  const vaultId = metadata.annotations?.[annotations.vaultId];
  if (vaultId !== vaultOf(subject)) return `the Tenant has the vault ${vaultId ?? "none"}, not ${vaultOf(subject)}`;
  if (metadata.deletionTimestamp) return `the Tenant is being deleted: ${told}`;
  if (status?.observedGeneration !== metadata.generation) return `the spec is not seen yet: ${told}`;
  if (status.phase !== goal.phase) return `the phase is to be ${goal.phase}: ${told}`;
  if (goal.pods > 0 && status.conditions?.some((condition) => condition.status !== "True")) {
    const open = status.conditions.filter((condition) => condition.status !== "True");
    return `not all is well: ${open.map(({ type, reason, message }) => `${type} ${reason}: ${message}`).join("; ")}`;
  }
  if (goal.release && status.release?.version !== goal.release) return `${status.release?.version ?? "nothing"} runs`;
  return podsUnsettled(world, subject, goal.pods);
};

export const active: Goal = { phase: "Active", pods: 1 };

/** So long an operation may take to come to its end, faults included. */
export const settleWithinMs = 90_000;

/** Waits without faults; for what comes before an operation. */
export const settle = async (
  what: string,
  unsettled: () => Promise<string | undefined>,
  withinMs = settleWithinMs,
): Promise<void> => {
  const end = performance.now() + withinMs;
  for (;;) {
    const why = await unsettled();
    if (why === undefined) return;
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s; ${why}`);
    await sleep(100);
  }
};

/** A tenant that runs, with a row of its own. */
export const prepareTenant = async (world: World, subject: Subject, changes: TenantChanges = {}): Promise<void> => {
  await createTenant(world, subject, changes);
  const pods = changes.activity === "Suspended" ? 0 : changes.plan === "umbrella" ? 2 : 1;
  const phase = pods === 0 ? "Suspended" : changes.access === "ReadOnly" ? "ReadOnly" : "Active";
  await settle(slugOf(subject), () => tenantUnsettled(world, subject, { phase, pods }));
  await plantRow(world, subject);
};

/** Why there is still something of a tenant that was deleted for good. */
export const goneUnsettled = async (world: World, subject: Subject): Promise<string | undefined> => {
  if (await findTenant(world, subject)) return "the Tenant is still there";
  const namespace = await world.kube.find(kinds.namespace, { name: namespaceOf(vaultOf(subject)) });
  return namespace ? "the namespace is still there" : undefined;
};

/** Removes whatever is left of a subject, so that the next plan finds a quiet world. */
export const cleanUp = async (world: World, subject: Subject): Promise<void> => {
  for (const vaultId of subject.vaults) {
    subject.mayStop.add(vaultId);
    subject.mayGo.add(vaultId);
  }
  for (const name of subject.slugs) {
    const metadata = { annotations: { [annotations.deletion]: "approved" } };
    await world.kube
      .patch(tenantKind, { name }, { spec: { retention: "0s", protected: false }, metadata })
      .catch(ignoreNotFound);
    await world.kube.delete(tenantKind, { name }).catch(ignoreNotFound);
  }
  await settle(`${slugOf(subject)} goes`, async () => {
    for (const name of subject.slugs)
      if (await world.kube.find(tenantKind, { name })) return `the Tenant ${name} is still there`;
    for (const vaultId of subject.vaults)
      if (await world.kube.find(kinds.namespace, { name: namespaceOf(vaultId) })) return "a namespace is still there";
    return undefined;
  });
};
