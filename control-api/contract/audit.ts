import { z } from "zod";
import { Instant } from "./fields.ts";
import { organization, platform, route } from "./route-contract.ts";

export const AuditEntry = z
  .object({
    organization: z.object({ slug: z.string(), name: z.string() }).nullable().meta({
      description: "null for what concerns no one organization.",
    }),
    number: z.int().meta({ description: "Its place in the organization's own chain, from 1." }),
    at: Instant,
    actor: z.object({
      kind: z.enum(["person", "system", "visitor"]),
      id: z.string().nullable(),
      name: z.string().nullable().meta({
        description: "null for who is no member any more, and for the platform's staff when members ask.",
      }),
    }),
    action: z.string().meta({ examples: ["member.role-changed"] }),
    subject: z.string().meta({ description: "To what, for example organization:<uuid>." }),
    detail: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

const AuditPage = z
  .object({
    items: z.array(AuditEntry),
    next: z.string().nullable().meta({ description: "Send it as cursor for the next page; null at the end." }),
  })
  .meta({ id: "AuditPage" });

const Filter = z.object({
  action: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "An action, or how it begins: member or member.removed." }),
  actor: z.string().max(100).optional().meta({ description: "Id of a person." }),
  from: Instant.optional(),
  until: Instant.optional().meta({ description: "Up to, and without, this instant." }),
});
const PlatformFilter = Filter.extend({ organization: z.string().max(200).optional().meta({ description: "A slug." }) });
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
};
const format = { format: z.enum(["ndjson", "csv"]).default("ndjson") };

const shared = { tag: "Audit", method: "get", limit: "read", status: 200 } as const;
const media = ["application/x-ndjson", "text/csv"] as const;
const BySlug = z.object({ slug: z.string().max(200) });

export const listAudit = route({
  ...shared,
  path: "/api/organizations/{slug}/audit",
  summary: "Who changed what in an organization, newest first",
  allow: organization("admin"),
  params: BySlug,
  query: Filter.extend(page),
  reply: AuditPage,
});

export const exportAudit = route({
  ...shared,
  path: "/api/organizations/{slug}/audit/export",
  summary: "All of an organization's audit log as a file, with the hashes that chain it",
  allow: organization("admin"),
  limit: "write",
  params: BySlug,
  query: Filter.extend(format),
  download: media,
});

export const listPlatformAudit = route({
  ...shared,
  path: "/api/admin/audit",
  summary: "Who changed what on the whole platform, newest first",
  allow: platform("support"),
  query: PlatformFilter.extend(page),
  reply: AuditPage,
});

export const exportPlatformAudit = route({
  ...shared,
  path: "/api/admin/audit/export",
  summary: "The platform's audit log as a file, with the hashes that chain it",
  allow: platform("admin"),
  limit: "write",
  query: PlatformFilter.extend(format),
  download: media,
});

export const verifyAudit = route({
  ...shared,
  path: "/api/admin/audit/verification",
  summary: "Whether every chain of the audit log is whole",
  allow: platform("admin"),
  reply: z
    .object({
      whole: z.boolean(),
      entries: z.int(),
      broken: z
        .array(z.object({ chain: z.string(), number: z.int() }))
        .meta({ description: "The first wrong entry of each chain." }),
    })
    .meta({ id: "AuditVerification" }),
});
