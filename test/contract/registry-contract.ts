import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { importJWK, jwtVerify } from "jose";
import { type FakeRegistry, startFakeRegistry } from "../stand-ins/fake-registry.ts";
import { browserClient, type BrowserClient } from "./browser-client.ts";
import { contractEnvironment } from "./contract-environment.ts";
import { becomesReady, migrated } from "./serve-contract.ts";
import type { ContractGround, RunningVault } from "./vault-target.ts";

const vaultId = "7b0a0d3e-2d11-4a35-9a65-3f6b1a9c2d10";
const callback = "/login/polyphony/callback";

/** Logging in by the registry: what the vault asks, what it proves itself with, and what it takes for an answer. */
export function registryContract(ground: () => ContractGround): void {
  describe("I6 logging in with the registry", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    let registry: FakeRegistry;
    let vault: RunningVault;

    beforeAll(async () => {
      // The registry is found where the mail server is: both are this test's.
      registry = await startFakeRegistry(new URL(ground().smtpUrl).hostname);
      const database = await migrated(ground());
      vault = await ground().target.serve({
        ...contractEnvironment(ground(), database.rwUrl),
        REGISTRY_URL: registry.url,
        REGISTRY_KEY: JSON.stringify(privateKey.export({ format: "jwk" })),
      });
      await becomesReady(vault);
    });
    afterAll(async () => {
      await vault.terminate();
      await registry.stop();
    });

    const begin = async (): Promise<{ browser: BrowserClient; asked: URLSearchParams; to: URL }> => {
      const browser = browserClient(vault.publicUrl);
      const sent = await browser.get("/login/polyphony");
      expect(sent.status).toBe(303);
      const to = new URL(sent.headers.get("location") ?? "");
      return { browser, asked: to.searchParams, to };
    };
    const person = (nonce: string | null) => ({
      aud: vaultId,
      nonce,
      email: "new@contract.example",
      name: "N",
      role: "viewer",
    });
    const comeBack = async (claims: object = {}, query: object = {}): Promise<Response> => {
      const { browser, asked } = await begin();
      registry.claims = { ...person(asked.get("nonce")), ...claims };
      const answer = { code: "c", state: asked.get("state") ?? "", iss: registry.url, ...query };
      return browser.get(`${callback}?${new URLSearchParams(answer).toString()}`);
    };

    it("asks for a code with PKCE, state and nonce, as itself, for its own address", async () => {
      const [{ to, asked }, other] = [await begin(), await begin()];
      expect(to.href.startsWith(`${registry.url}/authorize?`)).toBe(true);
      expect(Object.fromEntries(asked)).toMatchObject({
        response_type: "code",
        client_id: vaultId,
        redirect_uri: vault.publicUrl + callback,
        code_challenge_method: "S256",
      });
      expect(asked.get("scope")?.split(" ")).toContain("openid");
      for (const name of ["state", "nonce", "code_challenge"]) {
        expect(asked.get(name)?.length).toBeGreaterThan(20);
        expect(asked.get(name)).not.toBe(other.asked.get(name));
      }
    });

    it("lets in whom the registry names, and proves itself with its own key, for this issuer, for a short time", async () => {
      const entered = await comeBack();
      expect(entered.status).toBe(303);
      expect(entered.headers.getSetCookie().some((cookie) => /HttpOnly/i.test(cookie))).toBe(true);
      const form = registry.handedIn();
      expect(form.get("code_verifier")?.length).toBeGreaterThanOrEqual(43);
      const key = await importJWK(publicKey.export({ format: "jwk" }) as JsonWebKey & { kty: string }, "Ed25519");
      const { payload } = await jwtVerify(form.get("client_assertion") ?? "", key, { audience: registry.url });
      expect(payload).toMatchObject({ iss: vaultId, sub: vaultId, aud: registry.url });
      expect((payload.exp ?? Infinity) - Date.now() / 1000).toBeLessThan(301);
      const first = payload.jti;
      await comeBack();
      const again = await jwtVerify(registry.handedIn().get("client_assertion") ?? "", key);
      expect([typeof first, again.payload.jti === first]).toEqual(["string", false]);
    });

    it.each([
      ["for another vault", { aud: "00000000-0000-4000-8000-000000000000" }],
      ["of another issuer", { iss: "https://elsewhere.example" }],
      ["for another login", { nonce: "another" }],
      ["of an address that was not proven", { email_verified: false }],
      ["with a role that there is not", { role: "god" }],
    ])("takes no ID token %s", async (_what, claims) => {
      expect((await comeBack(claims)).status).toBe(403);
    });

    it("takes no answer with another state, of another issuer, or in a browser that did not ask", async () => {
      expect((await comeBack({}, { state: "guessed" })).status).toBe(400);
      expect((await comeBack({}, { iss: "https://elsewhere.example" })).status).toBe(400);
      const { asked } = await begin();
      const query = new URLSearchParams({ code: "c", state: asked.get("state") ?? "", iss: registry.url });
      expect((await browserClient(vault.publicUrl).get(`${callback}?${query.toString()}`)).status).toBe(400);
    });

    it("serves on while the registry is away, and says so only to whoever logs in with it", async () => {
      await registry.stop();
      const fresh = await ground().target.serve({
        ...contractEnvironment(ground(), (await migrated(ground())).rwUrl),
        REGISTRY_URL: registry.url,
        REGISTRY_KEY: JSON.stringify(privateKey.export({ format: "jwk" })),
      });
      await becomesReady(fresh);
      const refused = await fetch(`${fresh.publicUrl}/login/polyphony`, { redirect: "manual" });
      expect([refused.status, refused.headers.has("retry-after")]).toEqual([503, true]);
      expect((await fetch(fresh.publicUrl + ground().probes.openPath)).status).toBe(200);
      await fresh.terminate();
    });
  });
}
