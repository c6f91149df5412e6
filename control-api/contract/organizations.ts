import { z } from "zod";
import { Email, Instant, line, locales, OrganizationType } from "./fields.ts";
import { organization, roles, route } from "./route-contract.ts";

export const OrganizationView = z
  .object({
    id: z.string(),
    slug: z.string(),
    type: OrganizationType,
    name: z.string(),
    legalName: z.string().nullable(),
    timeZone: z.string(),
    contactEmail: z.string(),
    locale: z.enum(locales).meta({ description: "In which mails to the organization are written." }),
    category: z.string().nullable(),
    currency: z.string().nullable().meta({ description: "ISO 4217, for example NOK." }),
    template: z.string(),
    approval: z.enum(["pending", "approved", "rejected"]),
    role: z.enum(roles).meta({ description: "Of whoever asks." }),
    plan: z.string(),
    subscription: z.enum(["trialing", "active", "past_due", "canceled", "unpaid"]),
    trialEndsAt: Instant.nullable(),
    vault: z.object({ phase: z.string(), url: z.string().nullable(), message: z.string() }).nullable(),
    createdAt: Instant,
    version: z.int().meta({ description: "Also the ETag; send it in If-Match with changes." }),
  })
  .meta({ id: "Organization" });
export type OrganizationView = z.infer<typeof OrganizationView>;

export const OrganizationChange = z
  .strictObject({
    name: line(200, "the organization's name").optional(),
    legalName: line(200, "the legal name").nullable().optional(),
    contactEmail: Email.optional().meta({
      description: "The address of a member: it is proven already. Mails to the organization go there.",
    }),
    locale: z.enum(locales, { error: "Choose en or nb." }).optional(),
    category: line(60, "what kind of organization it is").nullable().optional(),
    currency: z
      .string()
      .refine((code) => Intl.supportedValuesOf("currency").includes(code), "Choose a currency such as NOK or EUR.")
      .nullable()
      .optional(),
    timeZone: z
      .string()
      .refine(
        (zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC",
        "Choose a time zone such as Europe/Oslo.",
      )
      .optional(),
  })
  .meta({ id: "OrganizationChange" });
export type OrganizationChange = z.output<typeof OrganizationChange>;

const stepStates = ["done", "active", "waiting", "failed"] as const;

export const Provisioning = z
  .object({
    state: z.enum([
      "awaiting-approval",
      "rejected",
      "preparing",
      "live",
      "failed",
      "read-only",
      "suspended",
      "closing",
    ]),
    message: z.string().meta({ description: "What is going on and what to do next, for a person." }),
    failure: z
      .object({ code: z.enum(["no-room", "address", "database", "application", "platform"]), message: z.string() })
      .nullable()
      .meta({ description: "Why it failed, in plain words; null in every other state." }),
    steps: z.array(z.object({ name: z.string(), title: z.string(), state: z.enum(stepStates) })),
    url: z.string().nullable(),
    requestedAt: Instant,
    liveAt: Instant.nullable(),
  })
  .meta({ id: "Provisioning" });
export type Provisioning = z.infer<typeof Provisioning>;

const Slug = z.object({ slug: z.string().max(200) });

export const getOrganization = route({
  method: "get",
  path: "/api/organizations/{slug}",
  summary: "One organization",
  tag: "Organizations",
  allow: organization("viewer"),
  limit: "read",
  status: 200,
  params: Slug,
  reply: OrganizationView,
});

export const patchOrganization = route({
  method: "patch",
  path: "/api/organizations/{slug}",
  summary: "Change an organization's settings",
  tag: "Organizations",
  allow: organization("admin"),
  limit: "write",
  status: 200,
  params: Slug,
  body: OrganizationChange,
  reply: OrganizationView,
  problems: ["version-changed"],
});

export const getProvisioning = route({
  method: "get",
  path: "/api/organizations/{slug}/provisioning",
  summary: "How far the vault is; with Accept: text/event-stream, again at each change",
  tag: "Organizations",
  allow: organization("viewer"),
  limit: "read",
  status: 200,
  params: Slug,
  reply: Provisioning,
});

export const retryProvisioning = route({
  method: "post",
  path: "/api/organizations/{slug}/provisioning/retry",
  summary: "Try again at once what did not succeed",
  tag: "Organizations",
  allow: organization("admin"),
  limit: "write",
  status: 202,
  params: Slug,
  reply: Provisioning,
});

export const transferOrganization = route({
  method: "post",
  path: "/api/organizations/{slug}/transfer",
  summary: "Hand an organization over to another member, who becomes its owner; you stay as admin",
  tag: "Organizations",
  allow: organization("owner"),
  limit: "write",
  status: 200,
  params: Slug,
  body: z.strictObject({
    to: z.string().max(100).meta({ description: "Id of the member." }),
    confirm: z.string().meta({ description: "The organization's slug, typed." }),
  }),
  reply: OrganizationView,
  problems: ["too-many-organizations"],
});

export const cancelProvisioning = route({
  method: "post",
  path: "/api/organizations/{slug}/provisioning/cancel",
  summary: "Call off a vault that has never been live; the organization is closed with it",
  tag: "Organizations",
  allow: organization("owner"),
  limit: "write",
  status: 202,
  params: Slug,
  body: z.strictObject({ confirm: z.string().meta({ description: "The organization's slug, typed." }) }),
  reply: z.object({ message: z.string() }),
  problems: ["vault-live"],
});
