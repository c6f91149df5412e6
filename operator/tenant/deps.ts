import type { Clock } from "../../kube/clock.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Tenant } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import type { DatabaseServers } from "../database/tenant-database.ts";
import type { BreakerSettings } from "../deletion/deletion-breaker.ts";
import type { DeletionBook } from "../deletion/deletion-book.ts";
import type { Secrets } from "../secrets.ts";
import type { TenantCaches } from "./caches.ts";
import type { DesiredMemory } from "./children/desired-memory.ts";
import type { DriftLedger } from "./drift/drift-ledger.ts";
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
  /** What asks before many vaults are deleted. */
  deletions: { book: DeletionBook; breaker: BreakerSettings };
  tell: (tenant: Tenant, event: TenantEvent) => void;
  /** What vaults were brought to, so that a change by hand can be told from a change of wishes. */
  drift: DriftLedger;
  /** What the objects of vaults come to. */
  desired: DesiredMemory;
  /** Tenants that wait or are worked on; chooses how databases are copied. */
  backlog: () => number;
};
