import { getProvisioning, retryProvisioning } from "../contract/organizations.ts";
import { defineRoute } from "../http/define-route.ts";

export const provisioningRoutes = [
  defineRoute(
    getProvisioning,
    ({ membership }, { provisioning }) => provisioning.get(membership),
    ({ membership }, { provisioning }, signal) => provisioning.follow(membership, signal),
  ),
  defineRoute(retryProvisioning, (call, { provisioning }) =>
    provisioning.retry({ person: call.person, membership: call.membership, circumstances: call }),
  ),
];
