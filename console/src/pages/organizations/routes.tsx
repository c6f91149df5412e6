import type { Pages } from "../../app/console-routes.tsx";
import { ActivityPage } from "./activity/activity-page.tsx";
import { DashboardPage } from "./dashboard-page.tsx";
import { MembersPage } from "./members/members-page.tsx";
import { OrganizationLayout } from "./organization-layout.tsx";
import { OverviewPage } from "./overview-page.tsx";
import { SettingsPage } from "./settings/settings-page.tsx";

export const pages: Pages = {
  signedIn: [
    { path: "/dashboard", element: <DashboardPage /> },
    {
      path: "/dashboard/org/:slug",
      element: <OrganizationLayout />,
      children: [
        { index: true, element: <OverviewPage /> },
        { path: "members", element: <MembersPage /> },
        { path: "settings", element: <SettingsPage /> },
        { path: "activity", element: <ActivityPage /> },
      ],
    },
  ],
};
