import { affiliationRoutes } from "./affiliations/affiliation-routes.ts";
import { auditRoutes } from "./audit/audit-routes.ts";
import type { Route } from "./http/define-route.ts";
import { queueRoutes } from "./jobs/queue-routes.ts";
import { loginRoutes } from "./login/login-routes.ts";
import { memberRoutes } from "./members/member-routes.ts";
import { organizationRoutes } from "./organizations/organization-routes.ts";
import { accountRoutes } from "./people/account-routes.ts";
import { fleetHealthRoutes } from "./platform/fleet-health-routes.ts";
import { platformRoutes } from "./platform/platform-routes.ts";
import { registrationRoutes } from "./registrations/registration-routes.ts";
import { slugRoutes } from "./slugs/slug-routes.ts";
import { templateRoutes } from "./templates/template-routes.ts";
import { provisioningRoutes } from "./tenants/provisioning-routes.ts";

/** Every route there is: mounted, documented and guarded from this one list. */
export const routes: readonly Route[] = [
  ...slugRoutes,
  ...templateRoutes,
  ...registrationRoutes,
  ...loginRoutes,
  ...accountRoutes,
  ...organizationRoutes,
  ...provisioningRoutes,
  ...memberRoutes,
  ...affiliationRoutes,
  ...platformRoutes,
  ...fleetHealthRoutes,
  ...auditRoutes,
  ...queueRoutes,
];
