import * as affiliations from "../../control-api/contract/affiliations.ts";
import { type FakeRegistry, idOf, organizationIn, since } from "./fake-registry.ts";
import { fakeRoute, Refused, type FakeRoute } from "./fake-route.ts";

const answered = (registry: FakeRegistry, id: string, status: "approved" | "rejected" | "withdrawn", word: string) => {
  const found = registry.requests.find((one) => one.id === id);
  if (!found) throw new Refused(404, "not-found", "This request does not exist, or you may not see it.");
  if (found.status !== "pending")
    throw new Refused(409, "affiliation-state", `This request is ${found.status} already. Reload to see how.`);
  return Object.assign(found, { status, respondedAt: since, response: word });
};

const otherOf = (slug: string) => ({ slug, name: slug });

/** The routes between umbrellas and collectives, on a registry in memory. */
export const affiliationRoutes = (registry: FakeRegistry): FakeRoute[] => [
  fakeRoute(affiliations.getAffiliations, ({ params: { slug } }) => {
    organizationIn(registry, slug);
    return {
      affiliated: registry.affiliated
        .filter(({ umbrella, collective }) => [umbrella, collective].includes(slug))
        .map(({ umbrella, collective }) => ({
          with: otherOf(umbrella === slug ? collective : umbrella),
          since,
          vault: umbrella === slug ? { phase: "Active", url: null } : null,
        })),
      requests: registry.requests.filter(({ umbrella, collective }) => [umbrella.slug, collective.slug].includes(slug)),
      invitations: registry.links,
      history: [{ event: "joined" as const, with: otherOf("alto-ensemble"), at: since }],
    };
  }),
  fakeRoute(affiliations.postAffiliationRequest, ({ body }) => {
    const made = {
      id: idOf("afr", 2),
      umbrella: otherOf(body.umbrella),
      collective: otherOf(body.collective),
      status: "pending" as const,
      message: body.message ?? "",
      requestedAt: since,
      respondedAt: null,
      response: "",
    };
    registry.requests.push(made);
    return made;
  }),
  fakeRoute(affiliations.approveAffiliation, ({ params, body }) =>
    answered(registry, params.id, "approved", body.response ?? ""),
  ),
  fakeRoute(affiliations.rejectAffiliation, ({ params, body }) =>
    answered(registry, params.id, "rejected", body.response ?? ""),
  ),
  fakeRoute(affiliations.withdrawAffiliation, ({ params, body }) =>
    answered(registry, params.id, "withdrawn", body.response ?? ""),
  ),
  fakeRoute(affiliations.postAffiliationInvitation, ({ body }) => {
    const { label = "", mostUses = 1 } = body;
    const made = { id: idOf("afi", 1), label, uses: 0, mostUses, createdAt: since };
    const invitation = { ...made, expiresAt: "2026-01-15T00:00:00Z", revoked: false };
    registry.links.push(invitation);
    return { ...invitation, link: "http://console.localhost:8080/register?invitation=0123456789abcdefghij" };
  }),
  fakeRoute(affiliations.getInvitingUmbrella, () => otherOf("nordic-choirs")),
  fakeRoute(affiliations.acceptAffiliationInvitation, ({ params: { token } }) => {
    if (token !== "0123456789abcdefghij") throw new Refused(404, "not-found", "This link does not hold.");
    return { umbrella: otherOf("nordic-choirs") };
  }),
  fakeRoute(affiliations.revokeAffiliationInvitation, ({ params }) => {
    const found = registry.links.find(({ id }) => id === params.id);
    if (!found) throw new Refused(404, "not-found", "This link does not exist, or you may not see it.");
    found.revoked = true;
  }),
  fakeRoute(affiliations.endAffiliation, ({ params, body }) => {
    if (body.confirm !== params.other) throw new Refused(422, "invalid-input", "Type the other's slug.");
    const before = registry.affiliated.length;
    registry.affiliated = registry.affiliated.filter(
      ({ umbrella, collective }) => ![umbrella, collective].every((slug) => [params.slug, params.other].includes(slug)),
    );
    if (registry.affiliated.length === before)
      throw new Refused(409, "affiliation-state", "They do not belong together.");
  }),
];
