import { z } from "zod";
import { Instant, OrganizationType, reason } from "./fields.ts";
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
    activityReason: z.string().meta({ description: "Why it is suspended, as its visitors read it." }),
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

const decision = { ...shared, method: "post", allow: platform("admin"), status: 200, params: BySlug } as const;

export const approveOrganization = route({
  ...decision,
  path: "/api/admin/organizations/{slug}/approve",
  summary: "Let an organization have its vault",
  reply: TenantRow,
  problems: ["decided"],
});

export const rejectOrganization = route({
  ...decision,
  path: "/api/admin/organizations/{slug}/reject",
  summary: "Refuse an organization its vault; its owner is told why",
  body: z.strictObject({ reason }),
  reply: TenantRow,
  problems: ["decided"],
});

export const cancelOrganization = route({
  ...decision,
  path: "/api/admin/organizations/{slug}/cancel",
  summary: "Call off a vault that has never been live; the organization is closed with it",
  status: 204,
  body: z.strictObject({ reason }),
  problems: ["vault-live"],
});

const activity = { ...decision, status: 202, reply: TenantRow } as const;

export const suspendTenant = route({
  ...activity,
  path: "/api/admin/tenants/{slug}/suspend",
  summary: "Take a vault off the air and keep its data; its visitors read the reason",
  body: z.strictObject({ reason }),
});

export const resumeTenant = route({
  ...activity,
  path: "/api/admin/tenants/{slug}/resume",
  summary: "Bring a suspended vault back",
});

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
          kind: z.enum(["audit", "work", "vault"]),
          what: z.string(),
          detail: z.string(),
          actor: z.string(),
        }),
      ),
    })
    .meta({ id: "Timeline" }),
});
