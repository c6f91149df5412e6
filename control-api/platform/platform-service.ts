import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { TenantRow } from "../contract/admin.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { conflict, notFound } from "../errors.ts";
import type { TenantCluster } from "../gateways/tenant-cluster.ts";
import type { Actor } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { type FleetQuery, fleetRepository } from "./fleet-repository.ts";
import { type TimelineEntry, timelineOf } from "./timeline.ts";

type Repository = ReturnType<typeof fleetRepository>;

export interface PlatformService {
  page(query: FleetQuery): ReturnType<Repository["page"]>;
  /** Throws 404. */
  get(slug: string): Promise<TenantRow>;
  timeline(slug: string): Promise<TimelineEntry[]>;
  /** Throws 409 when it was decided already. */
  decide(staff: Actor, slug: string, approval: "approved" | "rejected"): Promise<TenantRow>;
  setActivity(staff: Actor, slug: string, activity: TenantRow["activity"]): Promise<TenantRow>;
  retry(staff: Actor, slug: string): Promise<TenantRow>;
}

export interface PlatformServiceDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: Pick<TenantCluster, "retry">;
  readonly clock: Clock;
}

export const createPlatformService = ({ registry, cluster, clock }: PlatformServiceDeps): PlatformService => {
  const found = async (fleet: Repository, slug: string) => {
    const tenant = await fleet.bySlug(slug);
    if (!tenant) throw notFound("This organization");
    return tenant;
  };

  /** One act on one organization: done, noted, and its Tenant published anew. */
  const act = (
    staff: Actor,
    slug: string,
    action: string,
    change: (fleet: Repository, id: string) => Promise<void>,
  ): Promise<TenantRow> =>
    registry.asPlatform(async (transaction: Transaction) => {
      const fleet = fleetRepository(transaction);
      const at = clock.now();
      const { id } = await found(fleet, slug);
      await change(fleet, id);
      await leaveWork(transaction, { kind: "publish-tenant", subject: id, at });
      await audit(transaction, {
        ...by(staff, at),
        organizationId: id,
        action,
        subject: `organization:${id}`,
      });
      return (await found(fleet, slug)).view;
    });

  return {
    page: (query) => registry.asPlatform((transaction) => fleetRepository(transaction).page(query)),
    get: (slug) => registry.asPlatform(async (transaction) => (await found(fleetRepository(transaction), slug)).view),
    timeline: (slug) =>
      registry.asPlatform(async (transaction) => {
        const fleet = fleetRepository(transaction);
        return timelineOf(transaction, (await found(fleet, slug)).id);
      }),
    decide: (staff, slug, approval) =>
      act(staff, slug, `organization.${approval}`, async (fleet, id) => {
        if (!(await fleet.decide(id, approval)))
          throw conflict("decided", "This was decided already. Reload to see how.");
      }),
    setActivity: (staff, slug, activity) =>
      act(staff, slug, activity === "Suspended" ? "vault.suspended" : "vault.resumed", (fleet, id) =>
        fleet.setActivity(id, activity),
      ),
    retry: async (staff, slug) => {
      const view = await act(staff, slug, "vault.retried", () => Promise.resolve());
      await cluster.retry(slug, clock.now());
      return view;
    },
  };
};
