import { z } from "zod";
import { Instant, OrganizationType } from "./fields.ts";
import { platform, route } from "./route-contract.ts";

export const TenantRow = z
  .object({
    organization: z.object({ id: z.string(), slug: z.string(), name: z.string(), type: OrganizationType }),
    approval: z.enum(["pending", "approved", "rejected"]),
    template: z.string(),
    plan: z.string(),
    phase: z.string(),
    reason: z.string(),
    message: z.string().meta({ description: "In the operator's own words." }),
    url: z.string().nullable(),
    ready: z.boolean(),
    release: z.string().nullable().meta({ description: "Version of the release that runs." }),
    activity: z.enum(["Running", "Suspended"]),
    step: z.string().nullable(),
    observedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: "TenantRow" });
export type TenantRow = z.infer<typeof TenantRow>;

export const TenantPage = z
  .object({
    items: z.array(TenantRow),
    next: z.string().nullable().meta({ description: "Send it as cursor for the next page; null at the end." }),
  })
  .meta({ id: "TenantPage" });

const shared = { tag: "Platform", limit: "write" } as const;
const BySlug = z.object({ slug: z.string().max(200) });

export const listTenants = route({
  ...shared,
  method: "get",
  path: "/api/admin/tenants",
  summary: "All organizations with their vaults, newest first",
  allow: platform("support"),
  limit: "read",
  status: 200,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(200).optional(),
    phase: z.string().max(40).optional(),
    approval: z.enum(["pending", "approved", "rejected"]).optional(),
    search: z.string().max(100).optional().meta({ description: "Part of a name or a slug." }),
  }),
  reply: TenantPage,
});

export const getTenant = route({
  ...shared,
  method: "get",
  path: "/api/admin/tenants/{slug}",
  summary: "One organization with its vault",
  allow: platform("support"),
  limit: "read",
  status: 200,
  params: BySlug,
  reply: TenantRow,
});

const decision = <const Act extends "approve" | "reject">(act: Act, summary: string) =>
  route({
    ...shared,
    method: "post",
    path: `/api/admin/organizations/{slug}/${act}`,
    summary,
    allow: platform("admin"),
    status: 200,
    params: BySlug,
    reply: TenantRow,
    problems: ["decided"],
  });

export const approveOrganization = decision("approve", "Let an organization have its vault");
export const rejectOrganization = decision("reject", "Refuse an organization its vault");

const activity = <const Act extends "suspend" | "resume">(act: Act, summary: string) =>
  route({
    ...shared,
    method: "post",
    path: `/api/admin/tenants/{slug}/${act}`,
    summary,
    allow: platform("admin"),
    status: 202,
    params: BySlug,
    reply: TenantRow,
  });

export const suspendTenant = activity("suspend", "Take a vault off the air and keep its data");
export const resumeTenant = activity("resume", "Bring a suspended vault back");

export const retryTenant = route({
  ...shared,
  method: "post",
  path: "/api/admin/tenants/{slug}/retry",
  summary: "Try again at once what a vault waits with",
  allow: platform("support"),
  status: 202,
  params: BySlug,
  reply: TenantRow,
});

export const getTimeline = route({
  ...shared,
  method: "get",
  path: "/api/admin/tenants/{slug}/timeline",
  summary: "What happened to an organization and its vault, newest first",
  allow: platform("support"),
  limit: "read",
  status: 200,
  params: BySlug,
  reply: z
    .object({
      items: z.array(
        z.object({
          at: Instant,
          kind: z.enum(["audit", "work"]),
          what: z.string(),
          detail: z.string(),
          actor: z.string(),
        }),
      ),
    })
    .meta({ id: "Timeline" }),
});
