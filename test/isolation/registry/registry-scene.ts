import { randomBytes } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { newId, publicId } from "../../../control-api/ids.ts";
import { makeAdmin } from "../../../control-api/platform/make-admin.ts";
import type { ControlApi } from "../../builders/a-control-api.ts";
import { logIn, tokenInMail } from "../../builders/a-registered-organization.ts";
import type { ApiClient } from "../../builders/an-api-client.ts";
import { freshThings } from "./fresh-things.ts";
import { type Ground, invite, type OrganizationName, register, type Sql } from "./scene-ground.ts";
import { idIn, scenePeople } from "./scene-people.ts";

/** What goes with every request of a caller. */
export type CallerHeaders = Record<string, string>;

/** Something of the organization that is asked about, and the same thing of another one. */
interface Pair {
  readonly own: string;
  readonly foreign: string;
}

/**
 * A collective that belongs to an umbrella and has asked a second one (both steered by the umbrella-admin), another
 * collective, one that is closed, and all who may come and ask.
 */
export interface RegistryScene {
  readonly slugs: Readonly<Record<OrganizationName, string>>;
  readonly callers: ReadonlyMap<string, CallerHeaders>;
  /** The browser of somebody who is logged in. */
  readonly client: (caller: string) => ApiClient;
  readonly ids: {
    /** Members who ask for nothing. */
    readonly member: Pair;
    readonly invitation: Pair;
    /** Of the bystander, who is a viewer of the collective. */
    readonly session: string;
    readonly pendingRequest: string;
    readonly approvedRequest: string;
    readonly affiliationInvitation: string;
    /** Not proven. */
    readonly registration: string;
  };
  readonly tokens: {
    readonly openRegistration: string;
    readonly provenRegistration: string;
    readonly spentLogin: string;
    readonly acceptedInvitation: string;
    readonly affiliationInvitation: string;
  };
  /** One more member of the collective, who can be removed. Returns the public id. */
  readonly freshMember: () => Promise<string>;
  /** One more open invitation to the collective. Returns the public id. */
  readonly freshInvitation: () => Promise<string>;
  /** One more registration that nobody has proven. Returns the public id. */
  readonly freshRegistration: () => Promise<string>;
  /** A piece of work that was given up. Returns the public id. */
  readonly freshWork: () => Promise<string>;
  /** Gives back the logins that callers have ended. */
  readonly restoreLogins: () => Promise<void>;
}

/** An access token as a vault is given one: well formed, signed and not expired, but not for the control API. */
const tokenOfAVault = async (): Promise<string> => {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT({ scope: "openid" })
    .setProtectedHeader({ alg: "RS256", kid: "of-a-vault", typ: "at+jwt" })
    .setIssuer("http://console.polyphony.test/oidc")
    .setAudience(newId())
    .setSubject(publicId("person", newId()))
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
};

type Slugs = RegistryScene["slugs"];
const known = ["stranger", "viewer", "member", "admin", "owner", "other-owner", "umbrella-admin", "support", "staff"];

/** Returns the token of an invitation that was taken up. */
const foundOrganizations = async ({ people, slugs, sql }: Ground): Promise<string> => {
  await people.found("umbrella-owner", slugs.umbrella, { type: "umbrella" });
  await people.found("asked-owner", slugs.askedUmbrella, { type: "umbrella" });
  await people.found("owner", slugs.collective);
  await people.found("other-owner", slugs.other);
  await people.found("closing-owner", slugs.closed);
  const closing = `/api/organizations/${slugs.closed}/closing`;
  await people.client("closing-owner").send("POST", closing, { confirm: slugs.closed });
  for (const role of ["admin", "member", "viewer"]) await people.join(role, "owner", slugs.collective, role);
  await people.join("bystander", "owner", slugs.collective, "viewer");
  const taken = await people.join("umbrella-admin", "umbrella-owner", slugs.umbrella, "admin");
  await sql(
    `INSERT INTO organization_members (organization_id, person_id, role, created_at)
     SELECT o.id, p.id, 'admin', now() FROM organizations o, people p WHERE o.slug = ? AND p.email = ?`,
    slugs.askedUmbrella,
    people.mailOf("umbrella-admin"),
  );
  return taken;
};

/** Returns the token of the stranger's login, which is spent. */
const logInOthers = async ({ api, people, sql }: Ground): Promise<string> => {
  await people.add("stranger");
  await people.logIn("stranger");
  const spent = await tokenInMail(api, people.mailOf("stranger"), /Log in/);
  await makeAdmin(api.accounts, { email: people.mailOf("staff"), name: "Staff" });
  await makeAdmin(api.accounts, { email: people.mailOf("support"), name: "Support" });
  await sql("UPDATE people SET platform_role = 'support' WHERE email = ?", people.mailOf("support"));
  await people.logIn("staff");
  await people.logIn("support");
  return spent;
};

const affiliate = async ({ people, slugs }: Ground) => {
  const ask = (umbrella: string) =>
    people.make("owner", "/api/affiliation-requests", { collective: slugs.collective, umbrella });
  const approvedRequest = await ask(slugs.umbrella);
  await people.client("umbrella-admin").send("POST", `/api/affiliation-requests/${approvedRequest}/approve`, {});
  const pendingRequest = await ask(slugs.askedUmbrella);
  const path = "/api/affiliation-invitations";
  const link = await people.client("umbrella-owner").send("POST", path, { umbrella: slugs.umbrella, mostUses: null });
  return {
    approvedRequest,
    pendingRequest,
    invitation: idIn(path, link),
    token: new URL(String(link.body["link"])).searchParams.get("invitation") ?? "",
  };
};

/** One more session of the owner's, which was good once and must be worth nothing now. */
const endedSession = async (
  { api, people, sql }: Ground,
  column: "expires_at" | "revoked_at",
): Promise<CallerHeaders> => {
  api.mails.clear();
  const spare = await logIn(api, people.mailOf("owner"));
  const { body } = await spare.get("/api/me/sessions");
  const current = (body.items as { id: string; current: boolean }[]).find((one) => one.current);
  const id = current?.id.replace("ses_", "") ?? "";
  await sql(`UPDATE sessions SET ${column} = now() - interval '1 second' WHERE id = ?::uuid`, id);
  return spare.headers();
};

const callersOf = async (ground: Ground): Promise<Map<string, CallerHeaders>> =>
  new Map([
    ["anonymous", {}],
    ...known.map((name): [string, CallerHeaders] => [name, ground.people.client(name).headers()]),
    ["expired", await endedSession(ground, "expires_at")],
    ["revoked", await endedSession(ground, "revoked_at")],
    ["bearer", { Authorization: `Bearer ${await tokenOfAVault()}` }],
  ]);

const slugsWith = (suffix: string): Slugs => ({
  collective: `alto-${suffix}`,
  umbrella: `north-${suffix}`,
  askedUmbrella: `south-${suffix}`,
  other: `bass-${suffix}`,
  closed: `quiet-${suffix}`,
});

/** Sets the scene through the API, as people would. */
export const setRegistryScene = async (api: ControlApi): Promise<RegistryScene> => {
  const suffix = randomBytes(3).toString("hex");
  const [people, slugs] = [scenePeople(api, suffix), slugsWith(suffix)];
  const sql: Sql = (text, ...values) => api.registry.asPlatform((one) => one.raw(text, values));
  const ground: Ground = { api, people, slugs, sql, suffix };

  const acceptedInvitation = await foundOrganizations(ground);
  const spentLogin = await logInOthers(ground);
  const { approvedRequest, pendingRequest, invitation, token } = await affiliate(ground);
  const registration = await register(ground, "new");
  const openRegistration = await tokenInMail(api, people.mailOf("new"), /Confirm/);
  const provenRegistration = await tokenInMail(api, people.mailOf("owner"), /Confirm/);
  const sessions = await people.client("bystander").get("/api/me/sessions");
  const [session = { id: "" }] = sessions.body.items as { id: string }[];
  const callers = await callersOf(ground);
  const ids = {
    member: { own: await people.idOf("bystander"), foreign: await people.idOf("other-owner") },
    invitation: {
      own: await invite(ground, "owner", slugs.collective, "invited"),
      foreign: await invite(ground, "other-owner", slugs.other, "invited"),
    },
    ...{ session: session.id, pendingRequest, approvedRequest, registration, affiliationInvitation: invitation },
  };
  const set = new Date().toISOString();
  return {
    slugs,
    callers,
    client: people.client,
    ids,
    tokens: { openRegistration, provenRegistration, spentLogin, acceptedInvitation, affiliationInvitation: token },
    ...freshThings(ground),
    restoreLogins: async () => {
      await sql("UPDATE sessions SET revoked_at = NULL WHERE revoked_at > ?::timestamptz", set);
    },
  };
};
