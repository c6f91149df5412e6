import { z } from "zod";
import { Email, Instant, line, LinkToken, LocaleField, OrganizationType, Slug } from "./fields.ts";
import { anyone, route } from "./route-contract.ts";

export const NewRegistration = z
  .strictObject({
    type: OrganizationType,
    template: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/)
      .default("choir"),
    name: line(200, "the organization's name"),
    slug: Slug,
    contact: z.strictObject({ name: line(200, "your name"), email: Email }),
    umbrella: Slug.optional().meta({ description: "A collective's umbrella: asked as soon as the mail is proven." }),
    affiliationInvitation: z
      .string()
      .max(100)
      .optional()
      .meta({ description: "The token of an umbrella's invitation link." }),
    locale: LocaleField,
  })
  .refine(
    ({ type, umbrella, affiliationInvitation }) => type === "collective" || (!umbrella && !affiliationInvitation),
    {
      error: "An umbrella does not belong to another one: leave umbrella and affiliationInvitation out.",
      path: ["umbrella"],
    },
  )
  .meta({ id: "NewRegistration" });
export type NewRegistration = z.output<typeof NewRegistration>;

export const Registration = z
  .object({
    id: z.string(),
    slug: z.string(),
    mailSentTo: z.string(),
    expiresAt: Instant,
    message: z.string().meta({ description: "What to do next, for a person." }),
  })
  .meta({ id: "Registration" });
export type Registration = z.infer<typeof Registration>;

export const PendingRegistration = z
  .object({
    name: z.string(),
    type: OrganizationType,
    slug: z.string(),
    url: z.string(),
    email: z.string(),
    umbrella: z.string().nullable(),
    state: z.enum(["open", "proven", "expired"]),
  })
  .meta({ id: "PendingRegistration" });
export type PendingRegistration = z.infer<typeof PendingRegistration>;

export const ProvenRegistration = z
  .object({
    organization: z.string().meta({ description: "The slug." }),
    approval: z.enum(["pending", "approved", "rejected"]),
  })
  .meta({ id: "ProvenRegistration" });
export type ProvenRegistration = z.infer<typeof ProvenRegistration>;

const Token = z.object({ token: LinkToken });
const shared = { tag: "Registration", allow: anyone } as const;

export const postRegistration = route({
  ...shared,
  method: "post",
  path: "/api/registrations",
  summary: "Register an umbrella or a collective; a mail with a link proves the address",
  limit: "mail",
  status: 202,
  body: NewRegistration,
  reply: Registration,
  idempotent: true,
  problems: ["slug-taken", "slug-reserved"],
});

export const getRegistration = route({
  ...shared,
  method: "get",
  path: "/api/registrations/{token}",
  summary: "What a link from a registration's mail stands for; spends nothing",
  limit: "guess",
  status: 200,
  params: Token,
  reply: PendingRegistration,
});

export const proveRegistration = route({
  ...shared,
  method: "post",
  path: "/api/registrations/{token}/proof",
  summary: "Prove the mail address: makes the organization, logs its owner in and asks for its vault",
  limit: "guess",
  status: 201,
  params: Token,
  reply: ProvenRegistration,
  problems: ["link-spent", "link-expired", "too-many-organizations"],
});
