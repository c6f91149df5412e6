import type { Pages } from "../../app/console-routes.tsx";
import { AdminFrame } from "./admin-frame.tsx";
import { AuditPage } from "./audit-page.tsx";
import { FleetPage } from "./fleet-page.tsx";
import { NewOrganizationPage } from "./new-organization-page.tsx";
import { QueuePage } from "./queue-page.tsx";
import { TenantPage } from "./tenant-page.tsx";

export const pages: Pages = {
  signedIn: [
    {
      path: "/admin",
      element: <AdminFrame />,
      children: [
        { index: true, element: <FleetPage /> },
        { path: "queue", element: <QueuePage /> },
        { path: "audit", element: <AuditPage /> },
        { path: "new", element: <NewOrganizationPage /> },
        { path: "tenants/:slug", element: <TenantPage /> },
      ],
    },
  ],
};
