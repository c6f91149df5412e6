import type { Installation } from "./installation.ts";

/** Who looks at a page of the console. */
export type Viewer = keyof Installation["clients"] | "nobody";

/** One page that is photographed. */
export interface Shot {
  /** Of the files: `<name>-<width>[-dark].png`. */
  readonly name: string;
  readonly path: string;
  readonly as: Viewer;
  /** Text that is on the page once it is all there. */
  readonly shows: string;
}

/** Every page that the guides show. */
export const shots: readonly Shot[] = [
  { name: "admin-fleet", path: "/admin", as: "staff", shows: "Alto Ensemble" },
  { name: "admin-queue", path: "/admin/queue", as: "staff", shows: "Waiting for approval" },
  { name: "admin-tenant", path: "/admin/tenants/fjord-singers", as: "staff", shows: "Timeline" },
  { name: "admin-audit", path: "/admin/audit", as: "staff", shows: "Organization registered" },
  { name: "admin-new", path: "/admin/new", as: "staff", shows: "Not confirmed yet" },
  { name: "register", path: "/register", as: "nobody", shows: "The vault's address" },
  { name: "umbrella", path: "/dashboard/org/nordic-choirs", as: "umbrella", shows: "Open the vault" },
  { name: "umbrella-members", path: "/dashboard/org/nordic-choirs/members", as: "umbrella", shows: "(you)" },
  { name: "umbrella-activity", path: "/dashboard/org/nordic-choirs/activity", as: "umbrella", shows: "Kari Nordmann" },
  { name: "collective", path: "/dashboard/org/alto-ensemble", as: "collective", shows: "Open the vault" },
  {
    name: "collective-settings",
    path: "/dashboard/org/alto-ensemble/settings",
    as: "collective",
    shows: "Danger zone",
  },
  { name: "dashboard", path: "/dashboard", as: "collective", shows: "Alto Ensemble" },
  { name: "account", path: "/account", as: "collective", shows: "This one" },
];
