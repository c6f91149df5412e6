import type { Tenant } from "../../../crds/index.ts";
import { ignoreNotFound } from "../../../kube/errors.ts";
import type { Outcome } from "../../outcome.ts";
import { sameValue } from "../../same-value.ts";
import { withoutKey } from "../../without-key.ts";
import type { TenantDeps } from "../deps.ts";
import { farewellStatusOf, undecidedStatusOf } from "./farewell-status.ts";
import { finalize } from "./finalize.ts";
import { tenantKind } from "../gather.ts";
import { fieldManager } from "../names.ts";
import { eventsOf } from "../tenant-events.ts";

/** A Tenant whose deletion is held, as the one it goes on being: nothing of its vault knows of the deletion. */
export const livingTenant = (tenant: Tenant): Tenant => ({
  ...tenant,
  metadata: withoutKey(tenant.metadata, "deletionTimestamp"),
});

/** Takes a deleted Tenant's vault down and says how far that is; null when the breaker holds it, and it lives on. */
export const sayFarewell = async (tenant: Tenant, deps: TenantDeps): Promise<Outcome | null> => {
  const farewell = await finalize(tenant, deps);
  if (farewell.kind === "held") return null;
  const { outcome } = farewell;
  if (outcome.kind === "done") return outcome;
  const now = deps.clock.now();
  const status =
    farewell.kind === "going" ? farewellStatusOf(tenant, farewell, now) : undecidedStatusOf(tenant, outcome, now);
  if (sameValue(status, tenant.status)) return outcome;
  const { name, uid } = tenant.metadata;
  const body = { apiVersion: tenant.apiVersion, kind: tenant.kind, metadata: { name, uid }, status };
  await deps.kube
    .applyStatus(tenantKind, body as unknown as Tenant, { force: true, fieldManager })
    .catch(ignoreNotFound);
  for (const event of eventsOf(tenant.status, status)) deps.tell(tenant, event);
  return outcome;
};
