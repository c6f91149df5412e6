import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./organizations-pages.ts"));

export const pages: Pages = {
  signedIn: [
    { path: "/dashboard", lazy: page("DashboardPage") },
    {
      path: "/dashboard/org/:slug",
      lazy: page("OrganizationLayout"),
      children: [
        { index: true, lazy: page("OverviewPage") },
        { path: "members", lazy: page("MembersPage") },
        { path: "settings", lazy: page("SettingsPage") },
        { path: "activity", lazy: page("ActivityPage") },
      ],
    },
  ],
};
