import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  allowInsecureRequests,
  type Configuration,
  customFetch,
  type DeviceAuthorizationResponse,
  discovery,
  fetchProtectedResource,
  initiateDeviceAuthorization,
  None,
  pollDeviceAuthorizationGrant,
  refreshTokenGrant,
  tokenRevocation,
} from "openid-client";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer, type ApiClient } from "../builders/an-api-client.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const slug = `device-${suffix}`;
const publicUrl = "http://console.polyphony.test";

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "100" });
let kari: ApiClient;
let cli: Configuration;

/** The console's name leads to the API of this test. */
const toApi: typeof fetch = (url, init) => fetch((url as string).replace(publicUrl, api().url), init);

beforeAll(async () => {
  kari = anApiClient(api().url);
  await registerAndProve(api(), kari, slug, `kari-${suffix}@device.example`);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the test's own machine, without TLS
  const options = { [customFetch]: toApi as never, execute: [allowInsecureRequests] };
  cli = await discovery(new URL(publicUrl), "polyphony-cli", undefined, None(), options);
});

const begin = (): Promise<DeviceAuthorizationResponse> =>
  initiateDeviceAuthorization(cli, { scope: "openid offline_access api" });

const sendForm = async (client: ApiClient, fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${api().url}/device`, {
    method: "POST",
    redirect: "manual",
    headers: { ...client.headers(), Origin: publicUrl, ...headers },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, text: await response.text() };
};

const tokenOf = (page: ApiAnswer): string => /name="_token" value="([^"]+)"/.exec(String(page.body["text"]))?.[1] ?? "";

const answer = async (client: ApiClient, code: string, choice: string): Promise<{ status: number; text: string }> => {
  const page = await client.get(`/device?user_code=${code}`);
  return sendForm(client, { _token: tokenOf(page), user_code: code, answer: choice });
};

const poll = (device: DeviceAuthorizationResponse) =>
  pollDeviceAuthorizationGrant(cli, { ...device, interval: 0.1 }, undefined, { signal: AbortSignal.timeout(60_000) });

const logInCli = async () => {
  const device = await begin();
  await answer(kari, device.user_code, "approve");
  return poll(device);
};

const askMe = (accessToken: string): Promise<Response> =>
  fetchProtectedResource(cli, accessToken, new URL(`${publicUrl}/api/me`), "GET");

const statusWith = async (accessToken: string): Promise<number> =>
  (await fetch(`${api().url}/api/me`, { headers: { Authorization: `Bearer ${accessToken}` } })).status;

const refusal = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "accepted",
    (error: unknown) => String((error as { error?: unknown }).error ?? error),
  );

describe("I6: the command line logs in by the device flow", () => {
  it("finds all addresses at the issuer, under the public name", () => {
    const { issuer, device_authorization_endpoint, token_endpoint, jwks_uri } = cli.serverMetadata();
    expect(issuer).toBe(publicUrl);
    for (const url of [device_authorization_endpoint, token_endpoint, jwks_uri])
      expect(url).toMatch(`${publicUrl}/oidc/`);
  });

  it("gets tokens once a person who is logged in has confirmed the code, and acts as that person", async () => {
    const device = await begin();
    expect(device.verification_uri).toBe(`${publicUrl}/device`);
    expect(device.user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect((await kari.get("/device")).body["text"]).toContain('name="user_code"');
    const shown = await kari.get(`/device?user_code=${device.user_code.toLowerCase()}`);
    expect(shown.body["text"]).toContain(device.user_code);
    expect((await answer(kari, device.user_code, "approve")).status).toBe(200);
    const tokens = await poll(device);
    expect(tokens.claims()).toMatchObject({ email: `kari-${suffix}@device.example`, aud: "polyphony-cli" });
    const me = (await (await askMe(tokens.access_token)).json()) as { email: string };
    expect(me.email).toBe(`kari-${suffix}@device.example`);
  });

  it("may what the person may, with no token against forgery, and nothing more", async () => {
    const { access_token } = await logInCli();
    const send = (method: string, path: string, body?: object) =>
      fetch(api().url + path, {
        method,
        headers: { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    expect((await send("PATCH", `/api/organizations/${slug}`, { name: "By the CLI" })).status).toBe(200);
    expect((await send("GET", "/api/admin/tenants")).status).toBe(404);
    expect((await send("GET", "/api/organizations/somebody-elses")).status).toBe(404);
  });

  it("sends whoever is not logged in to the login page, and back to the same code", async () => {
    const { user_code } = await begin();
    const sent = await anApiClient(api().url).get(`/device?user_code=${user_code}`);
    expect(sent.status).toBe(303);
    const location = new URL(sent.headers.get("location") ?? "", publicUrl);
    expect([location.origin, location.pathname]).toEqual([publicUrl, "/login"]);
    expect(location.searchParams.get("next")).toBe(`/device?user_code=${user_code}`);
  });

  it("refreshes with a token that works once, and ends all of them when an old one comes again", async () => {
    const first = await logInCli();
    const second = await refreshTokenGrant(cli, first.refresh_token ?? "");
    expect(await statusWith(second.access_token)).toBe(200);
    expect(await refusal(refreshTokenGrant(cli, first.refresh_token ?? ""))).toBe("invalid_grant");
    expect(await statusWith(second.access_token)).toBe(401);
    expect(await refusal(refreshTokenGrant(cli, second.refresh_token ?? ""))).toBe("invalid_grant");
  });

  it("is listed among the person's logins, and ends with it", async () => {
    const tokens = await logInCli();
    const { body } = await kari.get("/api/me/sessions");
    const listed = (body.items as { id: string; userAgent: string }[]).find(({ userAgent }) =>
      /command line/.test(userAgent),
    );
    expect((await kari.send("DELETE", `/api/me/sessions/${listed?.id ?? ""}`)).status).toBe(204);
    expect(await statusWith(tokens.access_token)).toBe(401);
    expect(await refusal(refreshTokenGrant(cli, tokens.refresh_token ?? ""))).toBe("invalid_grant");
  });

  it("logs out by itself, and what was revoked is of no use", async () => {
    const [byApi, byProvider] = [await logInCli(), await logInCli()];
    const headers = { Authorization: `Bearer ${byApi.access_token}` };
    expect((await fetch(`${api().url}/api/me/session`, { method: "DELETE", headers })).status).toBe(204);
    expect(await statusWith(byApi.access_token)).toBe(401);
    await tokenRevocation(cli, byProvider.refresh_token ?? "");
    expect(await statusWith(byProvider.access_token)).toBe(401);
  });
});

describe("T1: attacks on the device flow and on the command line's tokens", () => {
  const strict = suiteControlApi();

  it("gives nothing for a code that was denied, waits, was used, or is another program's", async () => {
    const denied = await begin();
    expect((await answer(kari, denied.user_code, "deny")).status).toBe(200);
    expect(await refusal(poll(denied))).toBe("access_denied");
    expect((await kari.get(`/device?user_code=${denied.user_code}`)).status).toBe(409);
    const waiting = await begin();
    const asked = await fetch(`${api().url}/oidc/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: waiting.device_code,
        client_id: "polyphony-cli",
      }),
    });
    expect(await asked.json()).toMatchObject({ error: "authorization_pending" });
    const used = await begin();
    await answer(kari, used.user_code, "approve");
    await poll(used);
    expect(await refusal(poll(used))).toBe("invalid_grant");
  });

  it("knows no code that was guessed, and stops whoever goes on guessing", async () => {
    const guesser = anApiClient(strict().url);
    await registerAndProve(strict(), guesser, `guess-${suffix}`, `guess-${suffix}@device.example`);
    const statuses: number[] = [];
    for (let i = 0; i < 32; i += 1)
      statuses.push((await guesser.get(`/device?user_code=BBBB-${"BCDFGHJK"[i % 8] ?? ""}BBB`)).status);
    expect(statuses.slice(0, 20).every((status) => status === 404)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });

  it("takes no confirmation from another site, or without the page's own token", async () => {
    const { user_code } = await begin();
    const page = await kari.get(`/device?user_code=${user_code}`);
    const fields = { _token: tokenOf(page), user_code, answer: "approve" };
    expect((await sendForm(kari, fields, { Origin: "https://evil.example" })).status).toBe(403);
    expect((await sendForm(kari, { ...fields, _token: "x".repeat(64) })).status).toBe(403);
    expect((await sendForm(kari, fields)).status).toBe(200);
  });

  it("answers 401 to whatever is no access token of the command line", async () => {
    const tokens = await logInCli();
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"sub":"x"}').toString("base64url")}.`;
    for (const wrong of ["", "x", none, tokens.id_token ?? "", tokens.refresh_token ?? ""])
      expect([wrong.slice(0, 12), await statusWith(wrong)]).toEqual([wrong.slice(0, 12), 401]);
  });

  it("lets no program in that is not known, and none that asks for another way", async () => {
    const body = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
    const unknown = await fetch(`${api().url}/oidc/device`, body({ client_id: "someone", scope: "openid api" }));
    expect([unknown.status, await unknown.json()]).toMatchObject([401, { error: "invalid_client" }]);
    const password = await fetch(
      `${api().url}/oidc/token`,
      body({ client_id: "polyphony-cli", grant_type: "password" }),
    );
    expect(await password.json()).toMatchObject({ error: "unsupported_grant_type" });
  });
});
