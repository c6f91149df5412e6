import { getAffiliations } from "../../control-api/contract/affiliations.ts";
import { getMe } from "../../control-api/contract/login.ts";
import { listInvitations, listMembers } from "../../control-api/contract/members.ts";
import { readContexts } from "../login/contexts.ts";
import { workOf } from "../queue/work-of.ts";
import type { Session } from "../session.ts";
import { fleetOf } from "../vault/ls.ts";

export type Candidate = { word: string; about: string };

/** The organizations of whoever is logged in. */
export const ownOrganizations = async (
  { platform }: Session,
  type?: "umbrella" | "collective",
): Promise<Candidate[]> => {
  const { organizations } = await platform().api.call(getMe, {});
  return organizations
    .filter((one) => type === undefined || one.type === type)
    .map(({ slug, name }) => ({ word: slug, about: name }));
};

export const contextNames = ({ env }: Session): Promise<Candidate[]> =>
  Promise.resolve(Object.entries(readContexts(env).contexts).map(([word, { api }]) => ({ word, about: api })));

/** Requests that wait, of all organizations of the person. */
const pendingRequests = async (session: Session): Promise<Candidate[]> => {
  const { api } = session.platform();
  const found = new Map<string, string>();
  for (const { word: slug } of await ownOrganizations(session))
    for (const { id, status, collective, umbrella } of (await api.call(getAffiliations, { params: { slug } })).requests)
      if (status === "pending") found.set(id, `${collective.name} asks ${umbrella.name}`);
  return [...found].map(([word, about]) => ({ word, about }));
};

/** By the name of a command's argument: what may stand in its place, given the arguments before it. */
export const platformNames: Readonly<
  Record<string, (session: Session, given: readonly string[]) => Promise<Candidate[]>>
> = {
  organization: (session) => ownOrganizations(session),
  umbrella: (session) => ownOrganizations(session, "umbrella"),
  collective: (session) => ownOrganizations(session, "collective"),
  request: pendingRequests,
  context: contextNames,
  address: contextNames,
  applicant: async (session) =>
    (await fleetOf(session, { approval: "pending" })).map(({ organization }) => ({
      word: organization.slug,
      about: organization.name,
    })),
  work: async (session) => (await workOf(session, {})).map(({ id, what }) => ({ word: id, about: what })),
  member: async (session, [slug = ""]) =>
    (await session.platform().api.call(listMembers, { params: { slug } })).items.map(({ email, name }) => ({
      word: email,
      about: name,
    })),
  invitation: async (session, [slug = ""]) =>
    (await session.platform().api.call(listInvitations, { params: { slug } })).items
      .filter(({ state }) => state === "open")
      .map(({ id, email }) => ({ word: id, about: email })),
};
