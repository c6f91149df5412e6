import { randomBytes } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { newId, publicId } from "../../../control-api/ids.ts";
import { makeAdmin } from "../../../control-api/platform/make-admin.ts";
import type { ControlApi } from "../../builders/a-control-api.ts";
import { aRegistration, logIn, registerAndProve, tokenInMail } from "../../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../../builders/an-api-client.ts";

/** What goes with every request of a caller. */
export type CallerHeaders = Record<string, string>;

type Name = "collective" | "umbrella" | "askedUmbrella" | "other" | "closed";

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
  readonly slugs: Readonly<Record<Name, string>>;
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

const idOf = (path: string, answer: { status: number; body: Record<string, unknown> }): string => {
  const { id } = answer.body;
  if (typeof id === "string") return id;
  throw new Error(`${path} answered ${String(answer.status)}: ${JSON.stringify(answer.body)}`);
};

/** Sets the scene through the API, as people would. */
export const setRegistryScene = async (api: ControlApi): Promise<RegistryScene> => {
  const suffix = randomBytes(3).toString("hex");
  const mailOf = (who: string): string => `${who}-${suffix}@scene.example`;
  const slugs: Record<Name, string> = {
    collective: `alto-${suffix}`,
    umbrella: `north-${suffix}`,
    askedUmbrella: `south-${suffix}`,
    other: `bass-${suffix}`,
    closed: `quiet-${suffix}`,
  };
  const clients = new Map<string, ApiClient>();
  const client = (caller: string): ApiClient => {
    const known = clients.get(caller);
    if (!known) throw new Error(`Nobody is logged in as ${caller}.`);
    return known;
  };
  const ask = async (caller: string, path: string, body: object): Promise<string> =>
    idOf(path, await client(caller).send("POST", path, body));
  const found = async (caller: string, name: Name, more: object = {}): Promise<void> => {
    clients.set(caller, anApiClient(api.url));
    await registerAndProve(api, client(caller), slugs[name], mailOf(caller), more);
  };
  const join = async (caller: string, by: string, name: Name, role: string): Promise<string> => {
    await ask(by, `/api/organizations/${slugs[name]}/invitations`, { email: mailOf(caller), role });
    const token = await tokenInMail(api, mailOf(caller), /invites you/);
    const joining = anApiClient(api.url);
    await joining.send("POST", `/api/invitations/${token}/acceptance`, { name: caller });
    await joining.me();
    clients.set(caller, joining);
    return token;
  };
  const logInAs = async (caller: string): Promise<void> => {
    clients.set(caller, await logIn(api, mailOf(caller)));
  };
  const personOf = async (caller: string): Promise<string> => idOf("/api/me", await client(caller).get("/api/me"));
  const addPerson = (who: string): Promise<string> =>
    api.registry.asPlatform(async (transaction) => {
      const id = newId();
      const email = mailOf(who);
      await transaction("people").insert({ id, email, email_key: email, name: who, created_at: new Date() });
      return id;
    });
  const sql = (text: string, ...values: string[]) => api.registry.asPlatform((one) => one.raw(text, values));

  await found("umbrella-owner", "umbrella", { type: "umbrella" });
  await found("asked-owner", "askedUmbrella", { type: "umbrella" });
  await found("owner", "collective");
  await found("other-owner", "other");
  await found("closing-owner", "closed");
  const closing = `/api/organizations/${slugs.closed}/closing`;
  await client("closing-owner").send("POST", closing, { confirm: slugs.closed });
  for (const role of ["admin", "member", "viewer"]) await join(role, "owner", "collective", role);
  await join("bystander", "owner", "collective", "viewer");
  const acceptedInvitation = await join("umbrella-admin", "umbrella-owner", "umbrella", "admin");
  const second = { organization: slugs.askedUmbrella, who: mailOf("umbrella-admin") };
  await sql(
    `INSERT INTO organization_members (organization_id, person_id, role, created_at)
     SELECT o.id, p.id, 'admin', now() FROM organizations o, people p WHERE o.slug = ? AND p.email = ?`,
    second.organization,
    second.who,
  );
  await addPerson("stranger");
  await logInAs("stranger");
  const spentLogin = await tokenInMail(api, mailOf("stranger"), /Log in/);
  await makeAdmin(api.accounts, { email: mailOf("staff"), name: "Staff" });
  await makeAdmin(api.accounts, { email: mailOf("support"), name: "Support" });
  await sql("UPDATE people SET platform_role = 'support' WHERE email = ?", mailOf("support"));
  await logInAs("staff");
  await logInAs("support");

  const request = (umbrella: string) =>
    ask("owner", "/api/affiliation-requests", { collective: slugs.collective, umbrella });
  const approvedRequest = await request(slugs.umbrella);
  await client("umbrella-admin").send("POST", `/api/affiliation-requests/${approvedRequest}/approve`, {});
  const pendingRequest = await request(slugs.askedUmbrella);
  const link = await client("umbrella-owner").send("POST", "/api/affiliation-invitations", {
    umbrella: slugs.umbrella,
    mostUses: null,
  });
  const invite = (by: string, name: Name, whom: string) =>
    ask(by, `/api/organizations/${slugs[name]}/invitations`, { email: mailOf(whom) });

  const guest = anApiClient(api.url);
  const register = async (who: string): Promise<string> => {
    const registration = aRegistration(`${who}-${suffix}`, mailOf(who));
    return idOf("/api/registrations", await guest.send("POST", "/api/registrations", registration));
  };
  const registration = await register("new");

  // Two more sessions of the owner's: what was good once must be worth nothing afterwards.
  const ended = async (column: "expires_at" | "revoked_at"): Promise<CallerHeaders> => {
    api.mails.clear();
    const spare = await logIn(api, mailOf("owner"));
    const session = await spare.get("/api/me/sessions");
    const current = (session.body.items as { id: string; current: boolean }[]).find((one) => one.current);
    const id = current?.id.replace("ses_", "") ?? "";
    await sql(`UPDATE sessions SET ${column} = now() - interval '1 second' WHERE id = ?::uuid`, id);
    return spare.headers();
  };
  const openRegistration = await tokenInMail(api, mailOf("new"), /Confirm/);
  const provenRegistration = await tokenInMail(api, mailOf("owner"), /Confirm/);
  const sessions = await client("bystander").get("/api/me/sessions");
  const [session = { id: "" }] = sessions.body.items as { id: string }[];
  const known = ["stranger", "viewer", "member", "admin", "owner", "other-owner", "umbrella-admin", "support", "staff"];
  const callers = new Map<string, CallerHeaders>([
    ["anonymous", {}],
    ...known.map((name): [string, CallerHeaders] => [name, client(name).headers()]),
    ["expired", await ended("expires_at")],
    ["revoked", await ended("revoked_at")],
    ["bearer", { Authorization: `Bearer ${await tokenOfAVault()}` }],
  ]);

  const set = new Date();
  let fresh = 0;
  return {
    slugs,
    callers,
    client,
    ids: {
      member: { own: await personOf("bystander"), foreign: await personOf("other-owner") },
      invitation: {
        own: await invite("owner", "collective", "invited"),
        foreign: await invite("other-owner", "other", "invited"),
      },
      session: session.id,
      pendingRequest,
      approvedRequest,
      affiliationInvitation: idOf("/api/affiliation-invitations", link),
      registration,
    },
    tokens: {
      openRegistration,
      provenRegistration,
      spentLogin,
      acceptedInvitation,
      affiliationInvitation: new URL(String(link.body["link"])).searchParams.get("invitation") ?? "",
    },
    freshMember: async () => {
      const id = await addPerson(`fresh${String((fresh += 1))}`);
      await sql(
        `INSERT INTO organization_members (organization_id, person_id, role, created_at)
         SELECT id, ?::uuid, 'viewer', now() FROM organizations WHERE slug = ?`,
        id,
        slugs.collective,
      );
      return publicId("person", id);
    },
    freshRegistration: () => register(`fresh${String((fresh += 1))}`),
    freshWork: async () => {
      const id = newId();
      await sql(
        `INSERT INTO outbox (id, kind, subject, payload, created_at, due_at, dead_at, attempts, last_error)
         VALUES (?::uuid, 'mail', ?::uuid, '{"letter":"welcome"}', now(), now(), now(), 300, 'no')`,
        id,
        newId(),
      );
      return publicId("job", id);
    },
    restoreLogins: async () => {
      await sql("UPDATE sessions SET revoked_at = NULL WHERE revoked_at > ?::timestamptz", set.toISOString());
    },
    freshInvitation: () => invite("owner", "collective", `fresh${String((fresh += 1))}`),
  };
};
