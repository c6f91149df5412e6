import { z } from "zod";
import { Instant } from "./fields.ts";
import { platform, route } from "./route-contract.ts";

export const QueueRow = z
  .object({
    id: z.string(),
    what: z.string().meta({ description: "publish-tenant, or which mail: mail/welcome." }),
    organization: z.object({ slug: z.string(), name: z.string() }).nullable(),
    state: z.enum(["waiting", "retrying", "failed"]).meta({
      description: "waiting: not begun. retrying: did not succeed and is tried again by itself. failed: given up.",
    }),
    attempts: z.int(),
    reason: z.string().nullable().meta({ description: "Why it did not succeed last time." }),
    createdAt: Instant,
    dueAt: Instant.nullable().meta({ description: "When it is tried next; null once it is given up." }),
  })
  .meta({ id: "QueueRow" });
export type QueueRow = z.infer<typeof QueueRow>;

const shared = { tag: "Platform", limit: "write" } as const;
const ById = z.object({ id: z.string().max(100) });

export const listQueue = route({
  ...shared,
  method: "get",
  path: "/api/admin/queue",
  summary: "Work that is not done: mails to send and Tenants to write, newest first",
  allow: platform("support"),
  limit: "read",
  status: 200,
  query: z.object({
    state: z.enum(["waiting", "retrying", "failed"]).optional(),
    organization: z.string().max(200).optional().meta({ description: "A slug." }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(200).optional(),
  }),
  reply: z
    .object({
      items: z.array(QueueRow),
      next: z.string().nullable().meta({ description: "Send it as cursor for the next page; null at the end." }),
    })
    .meta({ id: "QueuePage" }),
});

export const retryWork = route({
  ...shared,
  method: "post",
  path: "/api/admin/queue/{id}/retry",
  summary: "Try one piece of work again at once, also when it was given up",
  allow: platform("support"),
  status: 202,
  params: ById,
  reply: QueueRow,
});

export const dropWork = route({
  ...shared,
  method: "delete",
  path: "/api/admin/queue/{id}",
  summary: "Leave one piece of work undone for good",
  allow: platform("admin"),
  status: 204,
  params: ById,
});
