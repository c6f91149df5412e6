import {
  approveOrganization,
  getTimeline,
  listTenants,
  rejectOrganization,
  resumeTenant,
  retryTenant,
  suspendTenant,
  verifyAudit,
} from "../contract/admin.ts";
import type { Circumstances, Person } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import type { Staff } from "./platform-service.ts";

const staffOf = (call: Circumstances & { readonly person: Person }): Staff => ({
  person: call.person,
  circumstances: call,
});

export const platformRoutes = [
  defineRoute(listTenants, ({ query }, { platform }) => platform.page(query)),
  defineRoute(getTimeline, async ({ params }, { platform }) => ({
    items: (await platform.timeline(params.slug)).map(({ at, ...entry }) => ({ at: at.toISOString(), ...entry })),
  })),
  defineRoute(approveOrganization, (call, { platform }) =>
    platform.decide(staffOf(call), call.params.slug, "approved"),
  ),
  defineRoute(rejectOrganization, (call, { platform }) => platform.decide(staffOf(call), call.params.slug, "rejected")),
  defineRoute(suspendTenant, (call, { platform }) =>
    platform.setActivity(staffOf(call), call.params.slug, "Suspended"),
  ),
  defineRoute(resumeTenant, (call, { platform }) => platform.setActivity(staffOf(call), call.params.slug, "Running")),
  defineRoute(retryTenant, (call, { platform }) => platform.retry(staffOf(call), call.params.slug)),
  defineRoute(verifyAudit, (_call, { verifyAudit: verify }) => verify()),
];
