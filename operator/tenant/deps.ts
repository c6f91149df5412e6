import type { Clock } from "../../kube/clock.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Tenant } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import type { DatabaseServers } from "../database/tenant-database.ts";
import type { Secrets } from "../secrets.ts";
import type { TenantCaches } from "./caches.ts";
import type { TenantSettings } from "./settings.ts";

/** Something that happened to a tenant, told once. */
export type TenantEvent = { type: "Normal" | "Warning"; reason: Reason; message: string };

/** What the tenant reconciler works with. */
export type TenantDeps = {
  kube: Kube;
  caches: TenantCaches;
  servers: DatabaseServers;
  secrets: Secrets;
  settings: TenantSettings;
  clock: Clock;
  tell: (tenant: Tenant, event: TenantEvent) => void;
  /** Tenants that wait to be provisioned; chooses how databases are copied. */
  backlog: () => number;
};
