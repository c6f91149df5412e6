import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { exportJWK, generateKeyPair } from "jose";
import type { Adapter } from "oidc-provider";
import { createProvider } from "./create-provider.ts";

let server: Server | null = null;
afterEach(() => void server?.close());

const nothing = () => Promise.resolve(undefined);

/** A provider whose registry answers every write like this. */
const start = async (upsert: Adapter["upsert"]) => {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const told: unknown[] = [];
  const provider = createProvider({
    publicUrl: "https://console.example.org",
    keys: [{ id: "k", signsFrom: new Date(0), jwk: { ...(await exportJWK(privateKey)), kid: "k" } }],
    cookieKey: "a key for cookies",
    adapter: () => ({
      upsert,
      find: nothing,
      findByUid: nothing,
      findByUserCode: nothing,
      consume: nothing,
      destroy: nothing,
      revokeByGrantId: nothing,
    }),
    findAccount: nothing,
    onTrouble: (error) => void told.push(error),
  });
  const handle = provider.callback();
  const listening = createServer((request, response) => void handle(request, response));
  server = listening;
  await new Promise<void>((resolve) => void listening.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((listening.address() as AddressInfo).port)}`;
  const body = new URLSearchParams({ client_id: "polyphony-cli", scope: "openid api" });
  return { told, url, ask: () => fetch(`${url}/oidc/device`, { method: "POST", body }) };
};

describe("I6: the provider in trouble", () => {
  it("answers 503 and when to come again while the registry is away, and says it to whoever looks after it", async () => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const { ask, told } = await start(() => Promise.reject(away));
    const answer = await ask();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.text()).not.toContain("ECONNREFUSED");
    expect(told).toEqual([away]);
  });

  it("answers 500 to what is our own mistake", async () => {
    const { ask, told } = await start(() => Promise.reject(new TypeError("ours")));
    expect((await ask()).status).toBe(500);
    expect(told).toHaveLength(1);
  });

  it("offers no more than is wanted: no other flow, no plain PKCE, no open registration", async () => {
    const { url } = await start(nothing);
    const metadata = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      issuer: "https://console.example.org",
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256"],
      token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
      token_endpoint_auth_signing_alg_values_supported: ["Ed25519"],
    });
    expect([...(metadata["grant_types_supported"] as string[])].sort()).toEqual([
      "authorization_code",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:device_code",
    ]);
    for (const name of ["registration_endpoint", "userinfo_endpoint", "end_session_endpoint"])
      expect(metadata).not.toHaveProperty(name);
  });
});
