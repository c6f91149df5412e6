import { getProvisioning, retryProvisioning } from "../contract/organizations.ts";
import { actingMemberOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";

export const provisioningRoutes = [
  defineRoute(
    getProvisioning,
    ({ membership }, { provisioning }) => provisioning.get(membership),
    ({ membership }, { provisioning }, signal) => provisioning.follow(membership, signal),
  ),
  defineRoute(retryProvisioning, (call, { provisioning }) => provisioning.retry(actingMemberOf(call))),
];
