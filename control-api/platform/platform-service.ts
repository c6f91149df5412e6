import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { TenantRow } from "../contract/admin.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound, problem } from "../errors.ts";
import type { Actor } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { cancelProvisioning } from "../organizations/cancel-provisioning.ts";
import { type FleetQuery, fleetRepository } from "./fleet-repository.ts";
import { type TimelineEntry, timelineOf } from "./timeline.ts";

type Repository = ReturnType<typeof fleetRepository>;

/** What staff do to one organization, in their own words why. */
export interface StaffAct {
  readonly slug: string;
  readonly reason: string;
}

export interface PlatformService {
  page(query: FleetQuery): ReturnType<Repository["page"]>;
  /** Throws 404. */
  get(slug: string): Promise<TenantRow>;
  timeline(slug: string): Promise<TimelineEntry[]>;
  /** Throws 409 when it was decided already. A rejection is mailed to the owner with its reason. */
  decide(staff: Actor, act: StaffAct, approval: "approved" | "rejected"): Promise<TenantRow>;
  /** Visitors of a suspended vault read the reason. */
  setActivity(staff: Actor, act: StaffAct, activity: TenantRow["activity"]): Promise<TenantRow>;
  retry(staff: Actor, slug: string): Promise<TenantRow>;
  /** Calls off what has never been live. Throws 409 when people have used the vault. */
  cancel(staff: Actor, act: StaffAct): Promise<void>;
}

/** What one act does to an organization (UUID) beside the note in its audit log. */
type Change = (fleet: Repository, id: string, transaction: Transaction, at: Date) => Promise<void>;

const mailRejection = (transaction: Transaction, id: string, { reason }: StaffAct, at: Date): Promise<void> =>
  leaveWork(transaction, { kind: "mail", subject: id, payload: { letter: "rejection", reason }, at });

export const createPlatformService = (registry: RegistryDatabase, clock: Clock): PlatformService => {
  const found = async (fleet: Repository, slug: string) => {
    const tenant = await fleet.bySlug(slug);
    if (!tenant) throw notFound("This organization");
    return tenant;
  };

  /** One act on one organization: done, noted, and its Tenant published anew. */
  const act = (
    staff: Actor,
    { slug, reason, action, retry }: StaffAct & { readonly action: string; readonly retry?: boolean },
    change: Change,
  ): Promise<TenantRow> =>
    registry.asPlatform(async (transaction) => {
      const fleet = fleetRepository(transaction);
      const at = clock.now();
      const { id } = await found(fleet, slug);
      await change(fleet, id, transaction, at);
      const payload: Record<string, string> = retry ? { retry: "true" } : {};
      await leaveWork(transaction, { kind: "publish-tenant", subject: id, payload, at });
      await audit(transaction, {
        ...by(staff, at),
        organizationId: id,
        action,
        subject: `organization:${id}`,
        detail: reason === "" ? {} : { reason },
      });
      return (await found(fleet, slug)).view;
    });

  return {
    page: (query) => registry.queryAsPlatform((database) => fleetRepository(database).page(query)),
    get: (slug) => registry.queryAsPlatform(async (database) => (await found(fleetRepository(database), slug)).view),
    timeline: (slug) =>
      registry.asPlatform(async (transaction) => {
        const fleet = fleetRepository(transaction);
        return timelineOf(transaction, (await found(fleet, slug)).id);
      }),
    decide: (staff, deed, approval) =>
      act(staff, { ...deed, action: `organization.${approval}` }, async (fleet, id, transaction, at) => {
        if (!(await fleet.decide(id, approval)))
          throw problem("decided", "This was decided already. Reload to see how.");
        if (approval === "rejected") await mailRejection(transaction, id, deed, at);
      }),
    setActivity: (staff, deed, activity) =>
      act(staff, { ...deed, action: activity === "Suspended" ? "vault.suspended" : "vault.resumed" }, (fleet, id) =>
        fleet.setActivity(id, activity, activity === "Suspended" ? deed.reason : ""),
      ),
    retry: (staff, slug) =>
      act(staff, { slug, reason: "", action: "vault.retried", retry: true }, () => Promise.resolve()),
    cancel: (staff, { slug, reason }) =>
      registry.asPlatform(async (transaction) => {
        const { id: organizationId } = await found(fleetRepository(transaction), slug);
        const { person, circumstances } = staff;
        const who = { organizationId, personId: person.id, requestId: circumstances.requestId };
        await cancelProvisioning(transaction, { ...who, at: clock.now(), detail: { reason, by: "staff" } });
      }),
  };
};
