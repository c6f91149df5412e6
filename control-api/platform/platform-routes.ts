import {
  approveOrganization,
  cancelOrganization,
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

const actOf = (call: { params: { slug: string }; body: { reason: string } }) => ({
  slug: call.params.slug,
  reason: call.body.reason,
});

export const platformRoutes = [
  defineRoute(listTenants, ({ query }, { platform }) => platform.page(query)),
  defineRoute(getTenant, ({ params }, { platform }) => platform.get(params.slug)),
  defineRoute(getTimeline, async ({ params }, { platform }) => ({
    items: (await platform.timeline(params.slug)).map(({ at, ...entry }) => ({ at: at.toISOString(), ...entry })),
  })),
  defineRoute(approveOrganization, (call, { platform }) =>
    platform.decide(actorOf(call), { slug: call.params.slug, reason: "" }, "approved"),
  ),
  defineRoute(rejectOrganization, (call, { platform }) => platform.decide(actorOf(call), actOf(call), "rejected")),
  defineRoute(cancelOrganization, async (call, { platform }) => {
    await platform.cancel(actorOf(call), actOf(call));
    return undefined;
  }),
  defineRoute(suspendTenant, (call, { platform }) => platform.setActivity(actorOf(call), actOf(call), "Suspended")),
  defineRoute(resumeTenant, (call, { platform }) =>
    platform.setActivity(actorOf(call), { slug: call.params.slug, reason: "" }, "Running"),
  ),
  defineRoute(retryTenant, (call, { platform }) => platform.retry(actorOf(call), call.params.slug)),
];
