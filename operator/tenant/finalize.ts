import type { RetainedVault, Tenant } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { vaultDatabaseName } from "../database/names.ts";
import { durationMs } from "../duration.ts";
import { RetryableError, WaitingError } from "../outcome.ts";
import { retainedKind } from "./claim.ts";
import type { TenantDeps } from "./deps.ts";
import { tenantKind } from "./gather.ts";
import { finalizer, labels, managedBy, namespaceOf, shortId, vaultName } from "./names.ts";
import type { World } from "./world.ts";

const retainedVault = (world: World, vaultId: string, server: string): RetainedVault => {
  const { tenant } = world;
  const deletedAt = new Date(tenant.metadata.deletionTimestamp ?? 0);
  const keepUntil = new Date(deletedAt.getTime() + durationMs(tenant.spec.retention));
  const object = {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "RetainedVault",
    metadata: {
      name: `${tenant.metadata.name.slice(0, 40)}-${shortId(vaultId)}`,
      labels: { [labels.managedBy]: managedBy, [labels.vaultId]: vaultId, [labels.tenant]: tenant.metadata.name },
    },
    spec: {
      vaultId,
      slug: tenant.metadata.name,
      organization: tenant.spec.organization,
      template: tenant.spec.template,
      release: tenant.status?.release?.name ?? "",
      databaseServer: server,
      database: vaultDatabaseName(vaultId),
      keepUntil: keepUntil.toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };
  return object as unknown as RetainedVault;
};

/** The Tenant read afresh: destruction goes only by what the API server says now of this very object. */
const freshProof = async (world: World, vaultId: string, deps: TenantDeps) => {
  const fresh = await deps.kube.get(tenantKind, { name: world.tenant.metadata.name });
  if (fresh.metadata.uid !== world.tenant.metadata.uid || !fresh.metadata.deletionTimestamp) {
    throw new RetryableError("DeletionInDoubt", "The Tenant is not the one that was deleted; nothing is destroyed.");
  }
  return { vaultId, tombstone: `tenant/${fresh.metadata.uid}`, seenAt: deps.clock.now() };
};

const closeDatabase = async (world: World, vaultId: string, deps: TenantDeps): Promise<void> => {
  const { server, tenant } = world;
  if (!server) return;
  if (!server.handle) {
    throw new RetryableError(
      "DatabaseServerUnreachable",
      `The DatabaseServer "${server.name}" cannot be reached, so the database cannot be closed; it is tried again.`,
    );
  }
  const facts = await server.handle.observe(vaultId);
  if (!facts) return;
  if (durationMs(tenant.spec.retention) === 0) {
    await server.handle.drop(vaultId, await freshProof(world, vaultId, deps));
    return;
  }
  if (facts.database) await deps.kube.apply(retainedKind, retainedVault(world, vaultId, server.name));
  await server.handle.close(vaultId);
};

/**
 * Pods first: a namespace that still has pods when it is deleted is looked at again only after half their grace period.
 * Source: namespaced_resources_deleter.go of Kubernetes' namespace controller.
 */
const stopPods = async (namespace: string, deps: TenantDeps): Promise<void> => {
  const ref = { name: vaultName, namespace };
  const found = await deps.kube.find(kinds.deployment, ref);
  if (found && !found.metadata?.deletionTimestamp) {
    await deps.kube.delete(kinds.deployment, ref, { uid: found.metadata?.uid, propagation: "Background" });
  }
  const pods = await deps.kube.list(kinds.pod, { namespace });
  if (pods.length > 0) {
    throw new WaitingError("PodsStopping", "The vault's pods finish what they are doing and stop.", 500);
  }
};

const removeNamespace = async (vaultId: string, deps: TenantDeps): Promise<void> => {
  const name = namespaceOf(vaultId);
  const found = await deps.kube.find(kinds.namespace, { name });
  if (!found || found.metadata?.labels?.[labels.vaultId] !== vaultId) return;
  if (!found.metadata.deletionTimestamp) {
    await stopPods(name, deps);
    await deps.kube.delete(kinds.namespace, { name }, { uid: found.metadata.uid, propagation: "Background" });
  }
  const blocker = found.status?.conditions?.find((one) => one.status === "True" && one.type.includes("Remaining"));
  throw new WaitingError(
    "NamespaceTerminating",
    blocker?.message ?? `The namespace ${name} is being deleted.`,
    blocker ? 10_000 : 500,
  );
};

/** Takes a deleted tenant down: pods first, then its database is kept closed or dropped, then the Tenant may go. */
export const finalize = async (world: World, deps: TenantDeps): Promise<void> => {
  const { tenant, vaultId, rival } = world;
  const finalizers = tenant.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) return;
  if (vaultId !== null && !rival) {
    await removeNamespace(vaultId, deps);
    await closeDatabase(world, vaultId, deps);
  }
  await releaseTenant(tenant, finalizers, deps);
};

const releaseTenant = async (tenant: Tenant, finalizers: string[], deps: TenantDeps): Promise<void> => {
  await deps.kube.patch(
    tenantKind,
    { name: tenant.metadata.name },
    {
      metadata: {
        uid: tenant.metadata.uid,
        resourceVersion: tenant.metadata.resourceVersion,
        finalizers: finalizers.filter((one) => one !== finalizer),
      },
    },
  );
};
