import {
  approveOrganization,
  getTenant,
  getTimeline,
  listTenants,
  rejectOrganization,
  resumeTenant,
  retryTenant,
  suspendTenant,
} from "../contract/admin.ts";
import { actorOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";

export const platformRoutes = [
  defineRoute(listTenants, ({ query }, { platform }) => platform.page(query)),
  defineRoute(getTenant, ({ params }, { platform }) => platform.get(params.slug)),
  defineRoute(getTimeline, async ({ params }, { platform }) => ({
    items: (await platform.timeline(params.slug)).map(({ at, ...entry }) => ({ at: at.toISOString(), ...entry })),
  })),
  defineRoute(approveOrganization, (call, { platform }) =>
    platform.decide(actorOf(call), call.params.slug, "approved"),
  ),
  defineRoute(rejectOrganization, (call, { platform }) => platform.decide(actorOf(call), call.params.slug, "rejected")),
  defineRoute(suspendTenant, (call, { platform }) =>
    platform.setActivity(actorOf(call), call.params.slug, "Suspended"),
  ),
  defineRoute(resumeTenant, (call, { platform }) => platform.setActivity(actorOf(call), call.params.slug, "Running")),
  defineRoute(retryTenant, (call, { platform }) => platform.retry(actorOf(call), call.params.slug)),
];
