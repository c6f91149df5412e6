import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./admin-pages.ts"));

export const pages: Pages = {
  signedIn: [
    {
      path: "/admin",
      lazy: page("AdminFrame"),
      children: [
        { index: true, lazy: page("FleetPage") },
        { path: "queue", lazy: page("QueuePage") },
        { path: "audit", lazy: page("AuditPage") },
        { path: "new", lazy: page("NewOrganizationPage") },
        { path: "tenants/:slug", lazy: page("TenantPage") },
      ],
    },
  ],
};
