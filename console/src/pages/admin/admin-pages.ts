export { AdminFrame } from "./admin-frame.tsx";
export { AuditPage } from "./audit-page.tsx";
export { FleetPage } from "./fleet-page.tsx";
export { NewOrganizationPage } from "./new-organization-page.tsx";
export { QueuePage } from "./queue-page.tsx";
export { TenantPage } from "./tenant-page.tsx";
