import * as admin from "../../control-api/contract/admin.ts";
import * as audit from "../../control-api/contract/audit.ts";
import * as queue from "../../control-api/contract/queue.ts";
import * as registrations from "../../control-api/contract/staff-registrations.ts";
import { expectStaff } from "./fake-platform-routes.ts";
import { type FakeRegistry, idOf, kari, since } from "./fake-registry.ts";
import { fakeDownload, fakeRoute, Refused, type FakeRoute } from "./fake-route.ts";

const missing = (what: string) => new Refused(404, "not-found", `${what} does not exist, or you may not see it.`);

const tenantIn = (registry: FakeRegistry, slug: string) => {
  const found = registry.fleet.find(({ organization }) => organization.slug === slug);
  if (!found) throw missing("This organization");
  return found;
};

const fleet = (registry: FakeRegistry): FakeRoute[] => {
  const decided = (person: string | undefined, slug: string, approval: "approved" | "rejected") => {
    expectStaff(registry, person);
    const found = tenantIn(registry, slug);
    if (found.approval !== "pending") throw new Refused(409, "decided", "This was decided already. Reload to see how.");
    return Object.assign(found, { approval });
  };
  return [
    fakeRoute(admin.listTenants, ({ person, query: { phase, approval, search, cursor } }) => {
      expectStaff(registry, person);
      const chosen = registry.fleet
        .filter((one) => phase === undefined || one.phase === phase)
        .filter((one) => approval === undefined || one.approval === approval)
        .filter(({ organization }) => search === undefined || organization.slug.includes(search));
      // Two pages, so that whoever reads only the first is found out.
      return cursor === undefined && chosen.length > 1
        ? { items: chosen.slice(0, 1), next: "second" }
        : { items: cursor === undefined ? chosen : chosen.slice(1), next: null };
    }),
    fakeRoute(admin.getTenant, ({ person, params }) => {
      expectStaff(registry, person);
      return tenantIn(registry, params.slug);
    }),
    fakeRoute(admin.retryTenant, ({ person, params }) => {
      expectStaff(registry, person);
      return tenantIn(registry, params.slug);
    }),
    fakeRoute(admin.approveOrganization, ({ person, params }) => decided(person, params.slug, "approved")),
    fakeRoute(admin.rejectOrganization, ({ person, params }) => decided(person, params.slug, "rejected")),
  ];
};

const work = (registry: FakeRegistry): FakeRoute[] => {
  const workIn = (id: string) => {
    const found = registry.work.find((one) => one.id === id);
    if (!found) throw missing("This work");
    return found;
  };
  return [
    fakeRoute(queue.listQueue, ({ person, query: { state, organization } }) => {
      expectStaff(registry, person);
      const chosen = registry.work
        .filter((one) => state === undefined || one.state === state)
        .filter((one) => organization === undefined || one.organization?.slug === organization);
      return { items: chosen, next: null };
    }),
    fakeRoute(queue.retryWork, ({ params }) =>
      Object.assign(workIn(params.id), { state: "retrying" as const, dueAt: since }),
    ),
    fakeRoute(queue.dropWork, ({ params }) => {
      const dropped = workIn(params.id);
      registry.work = registry.work.filter((one) => one !== dropped);
    }),
  ];
};

const entry = (number: number, action: string, detail: Record<string, unknown>) => ({
  organization: { slug: "alto-ensemble", name: "Alto Ensemble" },
  number,
  at: since,
  actor: { kind: "person" as const, id: kari.id, name: kari.name },
  action,
  subject: `organization:${idOf("org", 1)}`,
  detail,
  requestId: `req-000${number}`,
});
const entries = [entry(2, "member.role-changed", { role: "admin" }), entry(1, "organization.founded", {})];
const file = '{"number":1,"action":"organization.founded"}\n{"number":2,"action":"member.role-changed"}\n';

const log = (registry: FakeRegistry): FakeRoute[] => {
  const page = (cursor: string | undefined, action: string | undefined) => {
    const chosen = entries.filter((one) => action === undefined || one.action.startsWith(action));
    return cursor === undefined && chosen.length > 1
      ? { items: chosen.slice(0, 1), next: "second" }
      : { items: cursor === undefined ? chosen : chosen.slice(1), next: null };
  };
  return [
    fakeRoute(audit.listAudit, ({ query: { cursor, action } }) => page(cursor, action)),
    fakeRoute(audit.listPlatformAudit, ({ person, query: { cursor, action } }) => {
      expectStaff(registry, person);
      return page(cursor, action);
    }),
    fakeDownload(audit.exportAudit, () => file),
    fakeDownload(audit.exportPlatformAudit, () => file),
    fakeRoute(audit.verifyAudit, ({ person }) => {
      expectStaff(registry, person);
      const { brokenAudit } = registry;
      return { whole: brokenAudit.length === 0, entries: 2, broken: brokenAudit };
    }),
  ];
};

const unproven = (registry: FakeRegistry): FakeRoute[] => [
  fakeRoute(registrations.listRegistrations, ({ person }) => {
    expectStaff(registry, person);
    return { items: registry.unproven };
  }),
  fakeRoute(
    registrations.prepareOrganization,
    ({ person, body: { type, name, slug, template = "choir", contact } }) => {
      expectStaff(registry, person);
      const made = { id: idOf("reg", 2), type, name, slug, template, contact, invitedBy: "Sigrid Staff" };
      return { ...made, createdAt: since, expiresAt: "2026-01-08T00:00:00Z" };
    },
  ),
];

/** The routes of the platform's staff, and the audit log, on a registry in memory. */
export const staffRoutes = (registry: FakeRegistry): FakeRoute[] => [
  ...fleet(registry),
  ...work(registry),
  ...log(registry),
  ...unproven(registry),
];
