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
];
