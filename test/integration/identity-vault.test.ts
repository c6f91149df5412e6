import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeProtectedHeader } from "jose";
import { authorizationCodeGrant } from "openid-client";
import { tenantKind } from "../builders/a-control-api.ts";
import { aBrowser } from "../builders/a-browser.ts";
import { type IdentityScene, startIdentityScene } from "../builders/an-identity-scene.ts";
import { eventually } from "../harness/eventually.ts";

let scene: IdentityScene;

beforeAll(async () => {
  scene = await startIdentityScene();
}, 180_000);

afterAll(() => scene.stop());

describe("I6: people log in to a vault with Polyphony", () => {
  it("offers it on the vault's front page", async () => {
    expect((await aBrowser().visit(scene.vault.publicUrl)).text).toContain('href="/login/polyphony"');
  });

  it("lets the owner in with one click when the console knows the browser, as the member that they are", async () => {
    const browser = scene.browserOf("owner");
    const arrived = await browser.visit(`${scene.vault.publicUrl}/login/polyphony`);
    expect([arrived.url.href, arrived.status]).toEqual([`${scene.vault.publicUrl}/`, 200]);
    expect(arrived.text).toContain("Log out");
    expect(await scene.membersOf(scene.mailOf("owner"))).toEqual([{ role: "owner", name: expect.any(String) }]);
  });

  it("makes a member of whoever has none yet, with the role that they have in the organization", async () => {
    await scene.browserOf("viewer").visit(`${scene.vault.publicUrl}/login/polyphony`);
    expect(await scene.membersOf(scene.mailOf("viewer"))).toEqual([{ role: "viewer", name: "viewer of Alto" }]);
    await scene.browserOf("viewer").visit(`${scene.vault.publicUrl}/login/polyphony`);
    expect(await scene.membersOf(scene.mailOf("viewer"))).toHaveLength(1);
  });

  it("sends whoever is not logged in to the console's login, and from there on into the vault", async () => {
    const browser = aBrowser();
    const login = await browser.visit(`${scene.vault.publicUrl}/login/polyphony`, `${scene.api.url}/login`);
    const next = login.url.searchParams.get("next") ?? "";
    expect(next).toMatch(/^\/oidc\/logins\//);
    browser.give(scene.api.url, (await scene.logInAnew("viewer")).headers()["Cookie"] ?? "");
    const arrived = await browser.visit(scene.api.url + next);
    expect([arrived.url.href, arrived.status]).toEqual([`${scene.vault.publicUrl}/`, 200]);
    expect(arrived.text).toContain("Log out");
  });

  it("O5: leads from the console into the vault of one's own organization, through a login, and into no other", async () => {
    const entrance = `${scene.api.url}/oidc/vaults/${scene.alto.slug}`;
    const arrived = await scene.browserOf("owner").visit(entrance);
    expect([arrived.url.href, arrived.status]).toEqual([`${scene.vault.publicUrl}/`, 200]);
    expect(arrived.text).toContain("Log out");
    const unknown = await aBrowser().visit(entrance, `${scene.api.url}/login`);
    expect(unknown.url.searchParams.get("next")).toBe(`/oidc/vaults/${scene.alto.slug}`);
    expect((await scene.browserOf("stranger").visit(entrance)).status).toBe(404);
    expect((await scene.browserOf("owner").visit(`${scene.api.url}/oidc/vaults/nobody-here`)).status).toBe(404);
  });

  describe("O6: the link in the welcome mail", () => {
    let link = "";
    const entrance = () => `/oidc/vaults/${scene.alto.slug}`;

    beforeAll(async () => {
      await scene.api.kube.patchStatus(tenantKind, { name: scene.alto.slug }, { status: { phase: "Active" } });
      await eventually("the welcome mail", () => {
        const mails = scene.api.mails.list(scene.mailOf("owner"));
        link = mails.map(({ text }) => /http\S+next=\/oidc\/vaults\/\S+/.exec(text)?.[0]).find((one) => one) ?? "";
        return Promise.resolve(link !== "");
      });
    });

    it("leads the browser that registered straight into the vault, and stays as it is", async () => {
      const arrived = await scene.browserOf("owner").visit(link);
      expect([arrived.url.href, arrived.status]).toEqual([`${scene.vault.publicUrl}/`, 200]);
    });

    it("logs the owner into the vault from any other browser, once; looking at it spends nothing", async () => {
      const elsewhere = aBrowser();
      const [first, second] = [await elsewhere.visit(link), await elsewhere.visit(link)];
      for (const { text } of [first, second]) expect(text).toContain('<button class="button">Log in');
      const loggedIn = await elsewhere.submit(second);
      expect([loggedIn.status, loggedIn.text]).toEqual([200, expect.stringContaining(`href="${entrance()}"`)]);
      const arrived = await elsewhere.visit(scene.api.url + entrance());
      expect([arrived.url.href, arrived.status]).toEqual([`${scene.vault.publicUrl}/`, 200]);
      expect(arrived.text).toContain("Log out");
    });

    it("is no key any more afterwards: it asks for a login, and the way goes on from there", async () => {
      const late = await aBrowser().visit(link);
      expect(late.status).toBe(409);
      expect(late.text).toContain(`href="/login?next=${encodeURIComponent(entrance())}"`);
      expect((await scene.browserOf("stranger").visit(link)).status).toBe(409);
    });
  });

  it("lets nobody in who is not a member of the organization, and says so in the vault", async () => {
    const arrived = await scene.browserOf("stranger").visit(`${scene.vault.publicUrl}/login/polyphony`);
    expect([arrived.status, arrived.url.origin]).toEqual([403, scene.vault.publicUrl]);
    expect(arrived.text).toContain("not a member");
    expect(await scene.membersOf(scene.mailOf("stranger"))).toEqual([]);
  });

  it("asks anew who is logged in each time: another person in the same browser is that other person", async () => {
    const browser = scene.browserOf("owner");
    await browser.visit(`${scene.vault.publicUrl}/login/polyphony`);
    browser.give(scene.api.url, (await scene.logInAnew("viewer")).headers()["Cookie"] ?? "");
    const arrived = await browser.visit(`${scene.vault.publicUrl}/login/polyphony`);
    expect(arrived.text).toContain("viewer of Alto");
  });

  it("keeps sessions over an upgrade of the vault, and a login that was under way", async () => {
    const browser = scene.browserOf("viewer");
    await browser.visit(`${scene.vault.publicUrl}/login/polyphony`);
    const underWay = scene.browserOf("owner");
    const { url: callback } = await underWay.visit(
      `${scene.vault.publicUrl}/login/polyphony`,
      `${scene.vault.publicUrl}/login/polyphony/callback`,
    );
    const port = new URL(scene.vault.publicUrl).port;
    const kept = scene.vault.publicUrl;
    await scene.vault.terminate();
    // As the operator does when it replaces the signing key: another key, the old one accepted.
    await scene.target.serve({
      ...scene.environment,
      PUBLIC_URL: kept,
      PORT: port,
      SIGNING_KEY: "another-signing-key-0123456789-abcdefghijkl",
      ACCEPTED_SIGNING_KEYS: scene.environment["SIGNING_KEY"] ?? "",
    });
    await eventually("the new vault", async () => (await fetch(kept)).ok);
    expect((await browser.visit(kept)).text).toContain("viewer of Alto");
    expect((await underWay.visit(callback.href)).text).toContain("Log out");
  });

  it("works with openid-client 6, which checks what the standard asks for", async () => {
    const begun = await scene.begin(scene.alto, "viewer");
    const tokens = await authorizationCodeGrant(await scene.clientOf(scene.alto), begun.callback, {
      pkceCodeVerifier: begun.verifier,
      expectedNonce: begun.nonce,
      expectedState: begun.state,
    });
    expect(tokens.claims()).toMatchObject({
      aud: scene.alto.id,
      iss: scene.api.url,
      email: scene.mailOf("viewer"),
      role: "viewer",
    });
    expect(tokens.refresh_token).toBeUndefined();
    expect(decodeProtectedHeader(tokens.id_token ?? "").alg).toBe("ES256");
    const asApi = await fetch(`${scene.api.url}/api/me`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    expect(asApi.status).toBe(401);
  });
});
