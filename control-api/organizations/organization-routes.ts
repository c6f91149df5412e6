import { getOrganization, patchOrganization } from "../contract/organizations.ts";
import { actingMemberOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";

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
];
