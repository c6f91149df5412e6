export { ActivityPage } from "./activity/activity-page.tsx";
export { DashboardPage } from "./dashboard-page.tsx";
export { MembersPage } from "./members/members-page.tsx";
export { OrganizationLayout } from "./organization-layout.tsx";
export { OverviewPage } from "./overview-page.tsx";
export { SettingsPage } from "./settings/settings-page.tsx";
