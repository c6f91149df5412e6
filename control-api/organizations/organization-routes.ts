import { getOrganization, patchOrganization, transferOrganization } from "../contract/organizations.ts";
import { actingMemberOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";

export const organizationRoutes = [
  defineRoute(getOrganization, async ({ membership, sender }, { organizations }) => {
    const view = await organizations.get(membership);
    sender.version(view.version);
    return view;
  }),
  defineRoute(patchOrganization, async (call, { organizations }) => {
    const { body, ifMatch, sender } = call;
    const view = await organizations.change(actingMemberOf(call), body, ifMatch);
    sender.version(view.version);
    return view;
  }),
  defineRoute(transferOrganization, (call, { organizations }) =>
    organizations.transfer(actingMemberOf(call), {
      to: requireUuid("person", call.body.to),
      confirm: call.body.confirm,
    }),
  ),
];
