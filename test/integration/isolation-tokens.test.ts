import { createHmac, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createRemoteJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { aRegistration, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const count = countAttempts("T1", "forged, foreign, stale and misused tokens, as bearer and as session");
const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const publicUrl = "http://console.polyphony.test";
const suffix = randomBytes(3).toString("hex");
const email = `kari-${suffix}@tokens.example`;
let kari: ApiClient;

type Tokens = { access_token: string; refresh_token: string; id_token: string };

const form = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const body = new URLSearchParams(fields);
  const answer = await fetch(api().url + path, { method: "POST", redirect: "manual", headers, body });
  return answer.text();
};

/** Logs the command line in as Kari, as the device flow has it. */
const logInProgram = async (): Promise<Tokens> => {
  const begun = await form("/oidc/device", { client_id: "polyphony-cli", scope: "openid offline_access api" });
  const { device_code, user_code } = JSON.parse(begun) as { device_code: string; user_code: string };
  const page = await kari.get(`/device?user_code=${user_code}`);
  const _token = /name="_token" value="([^"]+)"/.exec(String(page.body["text"]))?.[1] ?? "";
  await form("/device", { _token, user_code, answer: "approve" }, { ...kari.headers(), Origin: publicUrl });
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  return JSON.parse(await form("/oidc/token", { grant_type, device_code, client_id: "polyphony-cli" })) as Tokens;
};

let tokens: Tokens;

beforeAll(async () => {
  kari = anApiClient(api().url);
  await registerAndProve(api(), kari, `tokens-${suffix}`, email);
  tokens = await logInProgram();
});
afterAll(() => count.finish());

const meWith = async (headers: Record<string, string>): Promise<number> =>
  (await fetch(`${api().url}/api/me`, { headers })).status;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Claims as good as they can be. */
const claims = () => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: publicUrl, aud: "polyphony-cli", sub: "somebody", scope: "api", iat: now, nbf: now, exp: now + 600 };
};

const publishedKey = async (): Promise<{ kid: string; jwk: object }> => {
  const { keys } = (await (await fetch(`${api().url}/oidc/keys`)).json()) as { keys: { kid: string }[] };
  const [jwk] = keys;
  if (!jwk) throw new Error("No key is published.");
  return { kid: jwk.kid, jwk };
};

type Header = { alg: string; kid?: string; [name: string]: unknown };

const signedByAnother = async (header: Header, more: object = {}): Promise<string> => {
  const { privateKey } = await generateKeyPair(header.alg);
  return new SignJWT({ ...claims(), ...more }).setProtectedHeader(header).sign(privateKey);
};

const withoutSignature = (header: object): string => `${part(header)}.${part(claims())}.`;

const hmac = (secret: string, kid: string): string => {
  const text = `${part({ alg: "HS256", typ: "at+jwt", kid })}.${part(claims())}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};

/** A token that says of itself where its key is. */
const withOwnKey = async (place: "jwk" | "jku" | "x5u"): Promise<string> => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const value = place === "jwk" ? await exportJWK(publicKey) : "http://127.0.0.1:9/keys";
  return new SignJWT(claims()).setProtectedHeader({ alg: "ES256", kid: "mine", [place]: value }).sign(privateKey);
};

const hour = 3600;
const now = (): number => Math.floor(Date.now() / 1000);

const forgeries: readonly [string, () => Promise<string>][] = [
  ["alg none", () => Promise.resolve(withoutSignature({ alg: "none", typ: "at+jwt" }))],
  ["alg NoNe", () => Promise.resolve(withoutSignature({ alg: "NoNe", typ: "JWT" }))],
  ["the ID token without its signature", () => Promise.resolve(`${tokens.id_token.split(".").slice(0, 2).join(".")}.`)],
  [
    "HS256 with the public key as the secret",
    async () => {
      const { kid, jwk } = await publishedKey();
      return hmac(JSON.stringify(jwk), kid);
    },
  ],
  [
    "HS256 with a public key's text as the secret",
    async () => hmac(await exportSPKI((await generateKeyPair("ES256")).publicKey), (await publishedKey()).kid),
  ],
  ["RS256 under the published kid", async () => signedByAnother({ alg: "RS256", kid: (await publishedKey()).kid })],
  ["ES256 by another key", async () => signedByAnother({ alg: "ES256", kid: (await publishedKey()).kid })],
  ["kid with a path", () => signedByAnother({ alg: "ES256", kid: "../../../dev/null" })],
  ["kid with SQL", () => signedByAnother({ alg: "ES256", kid: "' UNION SELECT 'x' --" })],
  ["jwk in the header", () => withOwnKey("jwk")],
  ["jku in the header", () => withOwnKey("jku")],
  ["x5u in the header", () => withOwnKey("x5u")],
  ["another audience", () => signedByAnother({ alg: "ES256" }, { aud: "somebody-else" })],
  ["another issuer", () => signedByAnother({ alg: "ES256" }, { iss: "https://id.attacker.example" })],
  ["another environment", () => signedByAnother({ alg: "ES256" }, { iss: "http://console.localhost:8080" })],
  ["another type", () => signedByAnother({ alg: "ES256", typ: "logout+jwt" })],
  ["expired", () => signedByAnother({ alg: "ES256" }, { exp: now() - hour })],
  ["not yet valid", () => signedByAnother({ alg: "ES256" }, { nbf: now() + hour })],
  [
    "a token of a Kubernetes service account",
    () =>
      signedByAnother({ alg: "RS256" }, { iss: "https://kubernetes.default.svc", sub: "system:serviceaccount:a:b" }),
  ],
];

describe("T1: forged tokens", () => {
  it("the real one is good, so that the others' refusal says something", async () => {
    expect(await meWith({ Authorization: `Bearer ${tokens.access_token}` })).toBe(200);
  });

  it.each(forgeries)("%s", async (name, forge) => {
    const token = await forge();
    const told = await meWith({ Authorization: `Bearer ${token}` });
    count.tried(`${name} was told ${String(told)}`, told === 401);
    expect(told).toBe(401);
  });

  it("publishes one algorithm for each key, and none that shares a secret", async () => {
    const set = createRemoteJWKSet(new URL(`${api().url}/oidc/keys`));
    await set.reload();
    for (const key of set.jwks()?.keys ?? []) {
      expect(key).toMatchObject({ kty: "EC", alg: "ES256", use: "sig" });
      expect(key.d).toBeUndefined();
    }
  });
});

describe("T1: real tokens in another's place", () => {
  const sessionOf = (client: ApiClient): string =>
    /polyphony-session=([^;]+)/.exec(client.headers()["Cookie"] ?? "")?.[1] ?? "";

  const loginToken = async (): Promise<string> => {
    api().mails.clear();
    await anApiClient(api().url).send("POST", "/api/login-links", { email });
    return tokenInMail(api(), email, /Log in/);
  };

  const registrationToken = async (): Promise<string> => {
    const slug = `spare-${suffix}`;
    await anApiClient(api().url).send("POST", "/api/registrations", aRegistration(slug, `spare-${email}`));
    return tokenInMail(api(), `spare-${email}`, /Confirm/);
  };

  const misused: readonly [string, () => Promise<string>][] = [
    ["a refresh token", () => Promise.resolve(tokens.refresh_token)],
    ["an ID token", () => Promise.resolve(tokens.id_token)],
    ["a session", () => Promise.resolve(sessionOf(kari))],
    ["a login link", loginToken],
    ["a registration's link", registrationToken],
    ["nothing", () => Promise.resolve("")],
    ["15 kB of nothing", () => Promise.resolve("x".repeat(15_000))],
  ];

  it.each(misused)("%s is no access token", async (name, find) => {
    const told = await meWith({ Authorization: `Bearer ${await find()}` });
    count.tried(`${name} as access token was told ${String(told)}`, told === 401 || told === 431);
    expect([401, 431]).toContain(told);
  });

  it.each([
    ["an access token", () => Promise.resolve(tokens.access_token)],
    ["a refresh token", () => Promise.resolve(tokens.refresh_token)],
    ["a login link", loginToken],
  ] as const)("%s is no session", async (name, find) => {
    const told = await meWith({ Cookie: `polyphony-session=${await find()}` });
    count.tried(`${name} as session was told ${String(told)}`, told === 401);
    expect(told).toBe(401);
  });

  it("an access token counts nowhere but in its header", async () => {
    const { access_token } = tokens;
    const tries = [
      await fetch(`${api().url}/api/me?access_token=${access_token}`),
      await fetch(`${api().url}/api/me`, { headers: { "X-Access-Token": access_token } }),
      await fetch(`${api().url}/api/me`, { headers: { Authorization: `Basic ${btoa(`kari:${access_token}`)}` } }),
    ];
    for (const { status } of tries) {
      count.tried(`an access token elsewhere was told ${String(status)}`, status === 401);
      expect(status).toBe(401);
    }
  });

  it("is worth nothing once the login it came from has ended", async () => {
    await kari.send("DELETE", "/api/me/sessions");
    const told = await meWith({ Authorization: `Bearer ${tokens.access_token}` });
    count.tried(`a token after the login's end was told ${String(told)}`, told === 401);
    expect(told).toBe(401);
  });
});
