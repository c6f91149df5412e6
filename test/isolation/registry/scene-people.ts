import { newId } from "../../../control-api/ids.ts";
import type { ControlApi } from "../../builders/a-control-api.ts";
import { logIn, registerAndProve, tokenInMail } from "../../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../../builders/an-api-client.ts";

/** Who comes and asks, by name, and how they come to be. Organizations are named by their slugs. */
export interface ScenePeople {
  readonly mailOf: (who: string) => string;
  /** The browser of somebody who is logged in. */
  readonly client: (who: string) => ApiClient;
  /** Somebody's public id. */
  readonly idOf: (who: string) => Promise<string>;
  /** Makes something by a POST; returns its public id. */
  readonly make: (who: string, path: string, body: object) => Promise<string>;
  /** Registers an organization, and owns it. */
  readonly found: (who: string, slug: string, more?: object) => Promise<void>;
  /** Takes up an invitation by `by`, which has this token. */
  readonly join: (who: string, by: string, slug: string, role: string) => Promise<string>;
  /** Somebody whom the registry knows, and who is not logged in. Returns the UUID. */
  readonly add: (who: string) => Promise<string>;
  readonly logIn: (who: string) => Promise<void>;
}

/** The id in an answer. Throws when there is none. */
export const idIn = (path: string, { status, body }: { status: number; body: Record<string, unknown> }): string => {
  const { id } = body;
  if (typeof id === "string") return id;
  throw new Error(`${path} answered ${String(status)}: ${JSON.stringify(body)}`);
};

/** `suffix` keeps their addresses apart from those of others. */
export const scenePeople = (api: ControlApi, suffix: string): ScenePeople => {
  const clients = new Map<string, ApiClient>();
  const mailOf = (who: string): string => `${who}-${suffix}@scene.example`;
  const client = (who: string): ApiClient => {
    const known = clients.get(who);
    if (!known) throw new Error(`Nobody is logged in as ${who}.`);
    return known;
  };
  const make = async (who: string, path: string, body: object) =>
    idIn(path, await client(who).send("POST", path, body));
  return {
    mailOf,
    client,
    make,
    idOf: async (who) => idIn("/api/me", await client(who).get("/api/me")),
    found: async (who, slug, more = {}) => {
      clients.set(who, anApiClient(api.url));
      await registerAndProve(api, client(who), slug, mailOf(who), more);
    },
    join: async (who, by, slug, role) => {
      await make(by, `/api/organizations/${slug}/invitations`, { email: mailOf(who), role });
      const token = await tokenInMail(api, mailOf(who), /invites you/);
      const joining = anApiClient(api.url);
      await joining.send("POST", `/api/invitations/${token}/acceptance`, { name: who });
      await joining.me();
      clients.set(who, joining);
      return token;
    },
    add: (who) =>
      api.registry.asPlatform(async (transaction) => {
        const [id, email] = [newId(), mailOf(who)];
        await transaction("people").insert({ id, email, email_key: email, name: who, created_at: new Date() });
        return id;
      }),
    logIn: async (who) => {
      clients.set(who, await logIn(api, mailOf(who)));
    },
  };
};
