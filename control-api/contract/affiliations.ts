import { z } from "zod";
import { count, Instant, LinkToken, Slug } from "./fields.ts";
import { anyone, organization, person, route } from "./route-contract.ts";

const Other = z.object({ slug: z.string(), name: z.string() });

const AffiliationRequestView = z
  .object({
    id: z.string(),
    umbrella: Other,
    collective: Other,
    status: z.enum(["pending", "approved", "rejected", "withdrawn"]),
    message: z.string(),
    requestedAt: Instant,
    respondedAt: Instant.nullable(),
    response: z.string(),
  })
  .meta({ id: "AffiliationRequest" });
export type AffiliationRequestView = z.infer<typeof AffiliationRequestView>;

const AffiliationInvitationView = z
  .object({
    id: z.string(),
    label: z.string(),
    uses: z.int(),
    mostUses: z.int().nullable(),
    createdAt: Instant,
    expiresAt: Instant,
    revoked: z.boolean(),
  })
  .meta({ id: "AffiliationInvitation" });

export const Affiliations = z
  .object({
    affiliated: z.array(
      z.object({
        with: Other,
        since: Instant,
        vault: z.object({ phase: z.string(), url: z.string().nullable() }).nullable().meta({
          description: "Of a collective, for its umbrella.",
        }),
      }),
    ),
    requests: z.array(AffiliationRequestView).meta({ description: "Newest first, at most a hundred." }),
    invitations: z.array(AffiliationInvitationView),
    history: z
      .array(
        z.object({
          event: z.enum(["requested", "approved", "rejected", "withdrawn", "joined", "left", "removed"]),
          with: Other,
          at: Instant,
        }),
      )
      .meta({ description: "Newest first, at most a hundred." }),
  })
  .meta({ id: "Affiliations" });
export type Affiliations = z.infer<typeof Affiliations>;

const words = z
  .string()
  .max(1000, "Write at most 1000 characters.")
  .transform((text) => text.normalize("NFC").trim())
  .default("");

const shared = { tag: "Affiliations", limit: "write" } as const;
const ById = z.object({ id: z.string().max(100) });

export const getAffiliations = route({
  ...shared,
  method: "get",
  path: "/api/organizations/{slug}/affiliations",
  summary: "Who an organization belongs with, what waits, and what was",
  allow: organization("viewer"),
  limit: "read",
  status: 200,
  params: z.object({ slug: z.string().max(200) }),
  reply: Affiliations,
});

export const postAffiliationRequest = route({
  ...shared,
  method: "post",
  path: "/api/affiliation-requests",
  summary: "A collective asks to join an umbrella; its admins may",
  allow: person,
  status: 201,
  body: z.strictObject({ collective: Slug, umbrella: Slug, message: words }),
  reply: AffiliationRequestView,
  idempotent: true,
  problems: ["affiliation-state"],
});

const answer = <const Act extends "approve" | "reject" | "withdraw">(act: Act, summary: string) =>
  route({
    ...shared,
    method: "post",
    path: `/api/affiliation-requests/{id}/${act}`,
    summary,
    allow: person,
    status: 200,
    params: ById,
    body: z.strictObject({ response: words }),
    reply: AffiliationRequestView,
    problems: ["affiliation-state"],
  });

export const approveAffiliation = answer("approve", "An umbrella's admin says yes");
export const rejectAffiliation = answer("reject", "An umbrella's admin says no");
export const withdrawAffiliation = answer("withdraw", "A collective's admin takes the request back");

export const postAffiliationInvitation = route({
  ...shared,
  method: "post",
  path: "/api/affiliation-invitations",
  summary: "Make a link by which collectives join an umbrella without being asked",
  allow: person,
  status: 201,
  body: z.strictObject({
    umbrella: Slug,
    label: z.string().max(100).default(""),
    mostUses: count(10_000, "how many may join").nullable().default(1),
    days: count(365, "the days").default(14),
  }),
  reply: AffiliationInvitationView.extend({
    link: z.string().meta({ description: "Shown this once; it cannot be looked up again." }),
  }),
  idempotent: true,
});

export const getInvitingUmbrella = route({
  ...shared,
  method: "get",
  path: "/api/affiliation-invitations/{token}/umbrella",
  summary: "Whose link it is, while it holds; spends nothing",
  allow: anyone,
  limit: "guess",
  status: 200,
  params: z.object({ token: LinkToken }),
  reply: Other,
});

export const acceptAffiliationInvitation = route({
  ...shared,
  method: "post",
  path: "/api/affiliation-invitations/{token}/acceptance",
  summary: "A collective joins by an umbrella's link; its admins may",
  allow: person,
  limit: "guess",
  status: 200,
  params: z.object({ token: LinkToken }),
  body: z.strictObject({ collective: Slug }),
  reply: z.object({ umbrella: Other }),
  problems: ["affiliation-state"],
});

export const revokeAffiliationInvitation = route({
  ...shared,
  method: "delete",
  path: "/api/affiliation-invitations/{id}",
  summary: "Close an umbrella's link",
  allow: person,
  status: 204,
  params: ById,
});

export const endAffiliation = route({
  ...shared,
  method: "post",
  path: "/api/organizations/{slug}/affiliations/{other}/end",
  summary: "A collective leaves its umbrella, or an umbrella removes a collective",
  allow: organization("admin"),
  status: 204,
  params: z.object({ slug: z.string().max(200), other: z.string().max(200) }),
  body: z.strictObject({ confirm: z.string().meta({ description: "The slug of the other one, typed." }) }),
  problems: ["affiliation-state"],
});
