import { getOrganization, patchOrganization } from "../contract/organizations.ts";
import { defineRoute } from "../http/define-route.ts";

export const organizationRoutes = [
  defineRoute(getOrganization, async ({ membership, sender }, { organizations }) => {
    const view = await organizations.get(membership);
    sender.version(view.version);
    return view;
  }),
  defineRoute(patchOrganization, async (call, { organizations }) => {
    const { person, membership, body, ifMatch, sender } = call;
    const view = await organizations.change({ person, membership, circumstances: call }, body, ifMatch);
    sender.version(view.version);
    return view;
  }),
];
