import type { ControlApi } from "../../builders/a-control-api.ts";
import { aRegistration } from "../../builders/a-registered-organization.ts";
import { anApiClient } from "../../builders/an-api-client.ts";
import { idIn, type ScenePeople } from "./scene-people.ts";

export type OrganizationName = "collective" | "umbrella" | "askedUmbrella" | "other" | "closed";
export type Sql = (text: string, ...values: string[]) => Promise<unknown>;

/** What a scene is set on. */
export interface Ground {
  readonly api: ControlApi;
  readonly people: ScenePeople;
  readonly slugs: Readonly<Record<OrganizationName, string>>;
  readonly sql: Sql;
  /** Keeps its names apart from those of other scenes. */
  readonly suffix: string;
}

/** Registers an organization and does not prove it. Returns the public id. */
export const register = async ({ api, people, suffix }: Ground, who: string): Promise<string> => {
  const path = "/api/registrations";
  return idIn(
    path,
    await anApiClient(api.url).send("POST", path, aRegistration(`${who}-${suffix}`, people.mailOf(who))),
  );
};

/** Invites somebody. Returns the invitation's public id. */
export const invite = ({ people }: Ground, by: string, slug: string, whom: string): Promise<string> =>
  people.make(by, `/api/organizations/${slug}/invitations`, { email: people.mailOf(whom) });
