import { cancelProvisioning, getProvisioning, retryProvisioning } from "../contract/organizations.ts";
import { actingMemberOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";

export const provisioningRoutes = [
  defineRoute(
    getProvisioning,
    ({ membership }, { provisioning }) => provisioning.get(membership),
    ({ membership }, { provisioning }, signal) => provisioning.follow(membership, signal),
  ),
  defineRoute(retryProvisioning, (call, { provisioning }) => provisioning.retry(actingMemberOf(call))),
  defineRoute(cancelProvisioning, async (call, { organizations }) => {
    await organizations.cancel(actingMemberOf(call), call.body.confirm);
    return { message: "The vault is called off, and the organization is closed." };
  }),
];
