import { z } from "zod";
import { Email, Instant, line, LinkToken, LocaleField } from "./fields.ts";
import { anyone, organization, roles, route } from "./route-contract.ts";

export const MemberView = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles), since: Instant })
  .meta({ id: "Member" });
export type MemberView = z.infer<typeof MemberView>;

export const InvitationView = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.enum(roles),
    invitedBy: z.string().nullable().meta({ description: "The name of who invited." }),
    createdAt: Instant,
    expiresAt: Instant,
    state: z.enum(["open", "accepted", "revoked", "expired"]),
  })
  .meta({ id: "Invitation" });
export type InvitationView = z.infer<typeof InvitationView>;

const shared = { tag: "Members", limit: "write" } as const;
const BySlug = z.object({ slug: z.string().max(200) });
const ByMember = BySlug.extend({ person: z.string().max(100) });
const ByToken = z.object({ token: LinkToken });

export const listMembers = route({
  ...shared,
  method: "get",
  path: "/api/organizations/{slug}/members",
  summary: "Who belongs to an organization",
  allow: organization("viewer"),
  limit: "read",
  status: 200,
  params: BySlug,
  reply: z.object({ items: z.array(MemberView) }),
});

export const changeRole = route({
  ...shared,
  method: "patch",
  path: "/api/organizations/{slug}/members/{person}",
  summary: "Give a member another role; owners are made and unmade by owners only",
  allow: organization("admin"),
  status: 200,
  params: ByMember,
  body: z.strictObject({ role: z.enum(roles) }),
  reply: MemberView,
  problems: ["last-owner", "too-many-organizations"],
});

export const removeMember = route({
  ...shared,
  method: "delete",
  path: "/api/organizations/{slug}/members/{person}",
  summary: "Remove a member, or leave; the last owner cannot",
  allow: organization("viewer"),
  status: 204,
  params: ByMember,
  problems: ["last-owner"],
});

export const listInvitations = route({
  ...shared,
  method: "get",
  path: "/api/organizations/{slug}/invitations",
  summary: "Whom an organization has invited",
  allow: organization("admin"),
  limit: "read",
  status: 200,
  params: BySlug,
  reply: z.object({ items: z.array(InvitationView) }),
});

export const postInvitation = route({
  ...shared,
  method: "post",
  path: "/api/organizations/{slug}/invitations",
  summary: "Invite somebody by mail; inviting again sends a new mail and closes the old link",
  allow: organization("admin"),
  limit: "mail",
  status: 201,
  params: BySlug,
  body: z.strictObject({ email: Email, role: z.enum(roles).default("member") }),
  reply: InvitationView,
  idempotent: true,
  problems: ["member-already"],
});

export const revokeInvitation = route({
  ...shared,
  method: "delete",
  path: "/api/organizations/{slug}/invitations/{id}",
  summary: "Close an invitation",
  allow: organization("admin"),
  status: 204,
  params: BySlug.extend({ id: z.string().max(100) }),
});

export const getInvitation = route({
  ...shared,
  method: "get",
  path: "/api/invitations/{token}",
  summary: "What an invitation's link stands for; spends nothing",
  allow: anyone,
  limit: "guess",
  status: 200,
  params: ByToken,
  reply: z
    .object({
      organization: z.object({ slug: z.string(), name: z.string() }),
      email: z.string(),
      role: z.enum(roles),
      state: z.enum(["open", "accepted", "revoked", "expired"]),
    })
    .meta({ id: "OpenInvitation" }),
});

export const acceptInvitation = route({
  ...shared,
  method: "post",
  path: "/api/invitations/{token}/acceptance",
  summary: "Become a member and be logged in; the link itself proves the mail address",
  allow: anyone,
  limit: "guess",
  status: 201,
  params: ByToken,
  body: z.strictObject({ name: line(200, "your name"), locale: LocaleField }),
  reply: z.object({ organization: z.string().meta({ description: "The slug." }) }),
  problems: ["invitation-not-open", "too-many-organizations"],
});

export const closeOrganization = route({
  ...shared,
  method: "post",
  path: "/api/organizations/{slug}/closing",
  summary: "Close an organization: its affiliations end, its vault is taken down and kept for its retention time",
  allow: organization("owner"),
  status: 202,
  params: BySlug,
  body: z.strictObject({ confirm: z.string().meta({ description: "The organization's slug, typed." }) }),
  reply: z.object({ message: z.string() }),
});
