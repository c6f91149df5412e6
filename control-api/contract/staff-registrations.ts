import { z } from "zod";
import { Instant, OrganizationType } from "./fields.ts";
import { NewRegistration } from "./registrations.ts";
import { platform, route } from "./route-contract.ts";

export type PreparedRegistration = NewRegistration;

export const UnprovenRegistration = z
  .object({
    id: z.string(),
    type: OrganizationType,
    name: z.string(),
    slug: z.string(),
    template: z.string(),
    contact: z.object({ name: z.string(), email: z.string() }),
    invitedBy: z.string().nullable().meta({ description: "The name of whoever of the staff prepared it." }),
    createdAt: Instant,
    expiresAt: Instant,
  })
  .meta({ id: "UnprovenRegistration" });
export type UnprovenRegistration = z.infer<typeof UnprovenRegistration>;

const shared = { tag: "Platform", limit: "write" } as const;

export const prepareOrganization = route({
  ...shared,
  method: "post",
  path: "/api/admin/organizations",
  summary: "Create an organization for somebody: its owner is invited, and the vault is made once they accept",
  allow: platform("admin"),
  limit: "mail",
  status: 202,
  body: NewRegistration,
  reply: UnprovenRegistration,
  idempotent: true,
  problems: ["slug-taken", "slug-reserved"],
});

export const listRegistrations = route({
  ...shared,
  method: "get",
  path: "/api/admin/registrations",
  summary: "Registrations whose mail address is not proven yet, newest first, at most 200",
  allow: platform("support"),
  limit: "read",
  status: 200,
  reply: z.object({ items: z.array(UnprovenRegistration) }),
});

export const cancelRegistration = route({
  ...shared,
  method: "delete",
  path: "/api/admin/registrations/{id}",
  summary: "Call off a registration that is not proven; its address is free again",
  allow: platform("admin"),
  status: 204,
  params: z.object({ id: z.string().max(100) }),
});
