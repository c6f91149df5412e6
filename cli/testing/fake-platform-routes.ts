import * as login from "../../control-api/contract/login.ts";
import * as members from "../../control-api/contract/members.ts";
import * as organizations from "../../control-api/contract/organizations.ts";
import * as registrations from "../../control-api/contract/registrations.ts";
import * as slugs from "../../control-api/contract/slugs.ts";
import { type FakePerson, type FakeRegistry, idOf, kari, organizationIn, since } from "./fake-registry.ts";
import { fakeRoute, Refused, type FakeRoute } from "./fake-route.ts";

const personIn = (registry: FakeRegistry, mail: string | undefined): FakePerson => {
  const found = registry.people.find(({ email }) => email === mail);
  if (found) return found;
  throw new Refused(401, "login-needed", "Log in and try again.");
};

/** Not 403: who is not staff need not know what there is. */
export const expectStaff = (registry: FakeRegistry, mail: string | undefined): void => {
  if (personIn(registry, mail).platformRole !== null) return;
  throw new Refused(404, "not-found", "What you asked for does not exist, or you may not see it.");
};

const people = (registry: FakeRegistry): FakeRoute[] => [
  fakeRoute(login.getMe, ({ person }) => ({
    ...personIn(registry, person),
    locale: "en" as const,
    csrfToken: "secret",
    // Staff belong to none.
    organizations: person === kari.email ? registry.organizations : [],
  })),
  fakeRoute(login.logOut, () => undefined),
  fakeRoute(slugs.getSlug, ({ params: { slug } }) =>
    registry.organizations.some((one) => one.slug === slug)
      ? {
          slug,
          available: false,
          reason: "taken" as const,
          message: "This address is taken. Choose another.",
          suggestions: [`${slug}-2`],
        }
      : { slug, available: true, suggestions: [] },
  ),
  fakeRoute(registrations.postRegistration, ({ body: { slug, contact } }) => {
    if (registry.organizations.some((one) => one.slug === slug))
      throw new Refused(409, "slug-taken", "This address is taken. Choose another.", [
        { pointer: "/slug", detail: "This address is taken. Choose another.", suggestions: [`${slug}-2`] },
      ]);
    const message = `Open the link in the mail that we have sent to ${contact.email}.`;
    return { id: idOf("reg", 1), slug, mailSentTo: contact.email, expiresAt: "2026-01-02T00:00:00Z", message };
  }),
];

const ownOrganizations = (registry: FakeRegistry): FakeRoute[] => [
  fakeRoute(organizations.getOrganization, ({ params }) => organizationIn(registry, params.slug)),
  fakeRoute(organizations.patchOrganization, ({ params, body }) => {
    const found = organizationIn(registry, params.slug);
    return Object.assign(found, body, { version: found.version + 1 });
  }),
  fakeRoute(organizations.transferOrganization, ({ params }) => organizationIn(registry, params.slug)),
  fakeRoute(members.closeOrganization, ({ params, body }) => {
    if (body.confirm !== params.slug) throw new Refused(422, "invalid-input", "Type the slug.");
    registry.organizations = registry.organizations.filter(({ slug }) => slug !== params.slug);
    return { message: "The organization is closed. Its vault is being taken down." };
  }),
  fakeRoute(organizations.getProvisioning, ({ params }) => {
    organizationIn(registry, params.slug);
    const vault = registry.vaults[params.slug];
    if (!vault) throw new Refused(404, "not-found", "This organization's vault does not exist.");
    return vault;
  }),
  fakeRoute(organizations.retryProvisioning, ({ params }) => {
    const vault = registry.vaults[params.slug];
    if (!vault) throw new Refused(404, "not-found", "This organization's vault does not exist.");
    return vault;
  }),
];

const membership = (registry: FakeRegistry): FakeRoute[] => {
  const memberIn = (slug: string, id: string) => {
    const found = registry.members[slug]?.find((one) => one.id === id);
    if (!found) throw new Refused(404, "not-found", "This member does not exist, or you may not see it.");
    if (found.role === "owner")
      throw new Refused(409, "last-owner", "The last owner cannot go. Make somebody else an owner first.");
    return found;
  };
  return [
    fakeRoute(members.listMembers, ({ params }) => {
      organizationIn(registry, params.slug);
      return { items: registry.members[params.slug] ?? [] };
    }),
    fakeRoute(members.changeRole, ({ params, body }) => Object.assign(memberIn(params.slug, params.person), body)),
    fakeRoute(members.removeMember, ({ params }) => {
      const gone = memberIn(params.slug, params.person);
      registry.members[params.slug] = (registry.members[params.slug] ?? []).filter((one) => one !== gone);
    }),
    fakeRoute(members.listInvitations, ({ params }) => {
      organizationIn(registry, params.slug);
      return { items: registry.invitations[params.slug] ?? [] };
    }),
    fakeRoute(members.postInvitation, ({ params, body }) => {
      const role = body.role ?? "member";
      const made = { id: idOf("inv", 2), email: body.email, role, invitedBy: "Kari Nordmann", createdAt: since };
      const invitation = { ...made, expiresAt: "2026-01-15T00:00:00Z", state: "open" as const };
      (registry.invitations[params.slug] ??= []).push(invitation);
      return invitation;
    }),
    fakeRoute(members.revokeInvitation, ({ params }) => {
      const found = registry.invitations[params.slug]?.find(({ id }) => id === params.id);
      if (!found) throw new Refused(404, "not-found", "This invitation does not exist, or you may not see it.");
      found.state = "revoked";
    }),
    fakeRoute(members.getInvitation, ({ params }) => ({
      organization: { slug: "alto-ensemble", name: "Alto Ensemble" },
      email: "liv@alto-ensemble.example",
      role: "member" as const,
      state: params.token.startsWith("revoked") ? ("revoked" as const) : ("open" as const),
    })),
    fakeRoute(members.acceptInvitation, () => ({ organization: "alto-ensemble" })),
  ];
};

/** The routes of people, organizations and members, on a registry in memory. */
export const platformRoutes = (registry: FakeRegistry): FakeRoute[] => [
  ...people(registry),
  ...ownOrganizations(registry),
  ...membership(registry),
];
