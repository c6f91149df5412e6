import { createHash, createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { aBrowser } from "../builders/a-browser.ts";
import { type IdentityScene, startIdentityScene } from "../builders/an-identity-scene.ts";
import { eventually } from "../harness/eventually.ts";

let scene: IdentityScene;

beforeAll(async () => {
  scene = await startIdentityScene();
}, 180_000);

afterAll(() => scene.stop());

describe("T1, I6: attacks on the login to vaults", () => {
  it("a code is good once, and what came of it ends when it comes again", async () => {
    const begun = await scene.begin(scene.alto, "viewer");
    const handIn = async () => scene.redeem(begun, { client_assertion: await scene.assertionBy() });
    expect(await handIn()).toBe("accepted");
    expect(await handIn()).toBe("invalid_grant");
    const raced = await scene.begin(scene.alto, "viewer");
    const both = await Promise.all(
      [1, 2].map(async () => scene.redeem(raced, { client_assertion: await scene.assertionBy() })),
    );
    expect(both.sort()).toEqual(["accepted", "invalid_grant"]);
  });

  it("a code is good for the vault it was made for, and for whoever began with it", async () => {
    const begun = await scene.begin(scene.alto, "viewer");
    expect(
      await scene.redeem(begun, {
        client_id: scene.bass.id,
        client_assertion: await scene.assertionBy({ of: scene.bass }),
      }),
    ).toBe("invalid_grant");
    const other = await scene.begin(scene.alto, "viewer");
    const stolen = { client_assertion: await scene.assertionBy(), code_verifier: begun.verifier };
    expect(await scene.redeem(other, stolen)).toBe("invalid_grant");
  });

  it("a vault proves itself with its own key, for this issuer, once, and not after the proof's end", async () => {
    const refused = async (client_assertion: string) =>
      scene.redeem(await scene.begin(scene.alto, "viewer"), { client_assertion });
    expect(await refused(await scene.assertionBy({ signedBy: scene.bass }))).toBe("invalid_client");
    expect(await refused(await scene.assertionBy({ audience: "https://elsewhere.example" }))).toBe("invalid_client");
    expect(await refused(await scene.assertionBy({ audience: `${scene.api.url}/oidc/token` }))).toBe("invalid_client");
    expect(await refused(await scene.assertionBy({ expiresInSeconds: -120 }))).toBe("invalid_client");
    const jti = randomUUID();
    expect(await refused(await scene.assertionBy({ jti }))).toBe("accepted");
    expect(await refused(await scene.assertionBy({ jti }))).toBe("invalid_client");
  });

  it("no signature, or one with the public key as a secret, proves nothing", async () => {
    const [, payload = ""] = (await scene.assertionBy()).split(".");
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg })).toString("base64url");
    const none = `${head("none")}.${payload}.`;
    const mac = createHmac("sha256", scene.alto.key["x"] ?? "")
      .update(`${head("HS256")}.${payload}`)
      .digest("base64url");
    for (const client_assertion of [none, `${head("HS256")}.${payload}.${mac}`])
      expect(await scene.redeem(await scene.begin(scene.alto, "viewer"), { client_assertion })).toMatch(
        /^invalid_(client|request)$/,
      );
    expect(await scene.redeem(await scene.begin(scene.alto, "viewer"), {})).toMatch(/^invalid_(client|request)$/);
  });

  const authorize = (more: Record<string, string>) =>
    scene.browserOf("viewer").visit(
      `${scene.api.url}/oidc/authorize?${new URLSearchParams({
        client_id: scene.alto.id,
        response_type: "code",
        scope: "openid",
        redirect_uri: `${scene.alto.url}/login/polyphony/callback`,
        state: "s",
        ...more,
      }).toString()}`,
      scene.alto.url,
    );
  const challenge = {
    code_challenge: createHash("sha256").update("v".repeat(50)).digest("base64url"),
    code_challenge_method: "S256",
  };

  it("nobody is sent to an address that is not the vault's", async () => {
    for (const redirect_uri of [
      "https://evil.example/cb",
      `${scene.alto.url}/login/polyphony/callback/../../x`,
      `${scene.alto.url}/`,
      `${scene.bass.url}/login/polyphony/callback`,
    ]) {
      const arrived = await authorize({ ...challenge, redirect_uri });
      expect([arrived.status, arrived.url.origin]).toEqual([400, scene.api.url]);
    }
  });

  it("a login without PKCE, or with its plain form, is refused", async () => {
    for (const weak of [{}, { code_challenge: "v".repeat(50), code_challenge_method: "plain" }]) {
      const { url } = await authorize(weak);
      expect(url.searchParams.get("error")).toBe("invalid_request");
      expect(url.searchParams.get("code")).toBeNull();
    }
  });

  it("the vault takes no answer that it did not ask for, from another browser, or from another issuer", async () => {
    const callback = `${scene.vault.publicUrl}/login/polyphony/callback`;
    const begun = await scene.browserOf("owner").visit(`${scene.vault.publicUrl}/login/polyphony`, callback);
    expect((await aBrowser().visit(begun.url.href)).status).toBe(400);
    const browser = scene.browserOf("owner");
    const mine = await browser.visit(`${scene.vault.publicUrl}/login/polyphony`, callback);
    mine.url.searchParams.set("iss", "https://evil.example");
    expect((await browser.visit(mine.url.href)).status).toBe(400);
    const forged = scene.browserOf("owner");
    const { url } = await forged.visit(`${scene.vault.publicUrl}/login/polyphony`, callback);
    url.searchParams.set("code", "guessed");
    expect((await forged.visit(url.href)).status).toBe(403);
    expect((await forged.visit(scene.vault.publicUrl)).text).not.toContain("Log out");
  });

  it("who is removed, logs out, or whose organization closes gets no token, also with a code in hand", async () => {
    await scene.joinAlto("leaver", "member");
    const removed = await scene.begin(scene.alto, "leaver");
    const members = (await scene.people.get("owner")?.get(`/api/organizations/${scene.alto.slug}/members`))?.body
      .items as {
      id: string;
      email: string;
    }[];
    const { id = "" } = members.find(({ email }) => email === scene.mailOf("leaver")) ?? {};
    expect(
      (await scene.people.get("owner")?.send("DELETE", `/api/organizations/${scene.alto.slug}/members/${id}`))?.status,
    ).toBe(204);
    expect(await scene.redeem(removed, { client_assertion: await scene.assertionBy() })).toBe("invalid_grant");
    expect((await scene.browserOf("leaver").visit(`${scene.vault.publicUrl}/login/polyphony`)).status).toBe(403);

    scene.people.set("out", await scene.logInAnew("viewer"));
    const loggedOut = await scene.begin(scene.alto, "out");
    expect((await scene.people.get("out")?.send("DELETE", "/api/me/session"))?.status).toBe(204);
    expect(await scene.redeem(loggedOut, { client_assertion: await scene.assertionBy() })).toBe("invalid_grant");
  });

  it("goes on when the signing key is replaced: published first, then in use; what the old one signed still holds", async () => {
    const browser = scene.browserOf("viewer");
    await browser.visit(`${scene.vault.publicUrl}/login/polyphony`);
    const kids = async () =>
      ((await (await fetch(`${scene.api.url}/oidc/keys`)).json()) as { keys: { kid: string; d?: string }[] }).keys;
    const [before] = await kids();
    expect(before?.d).toBeUndefined();
    await scene.api.programs.run("rotate-keys");
    const keys = (await scene.api.registry.asPlatform((transaction) =>
      transaction("oidc_keys").orderBy("signs_from"),
    )) as {
      id: string;
      sealed: string;
    }[];
    expect(keys).toHaveLength(2);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    // An hour later.
    await scene.api.registry.asPlatform((transaction) =>
      transaction("oidc_keys").where({ id: keys[1]?.id }).update({ signs_from: new Date() }),
    );
    await eventually("the new key to sign", async () => (await kids())[0]?.kid === keys[1]?.id);
    expect((await kids()).map(({ kid }) => kid)).toContain(before?.kid);
    expect((await browser.visit(scene.vault.publicUrl)).text).toContain("Log out");
    // A vault reads the published keys again at most every 30 s; a key is announced for an hour.
    const logInOnceMore = async () =>
      (await scene.browserOf("viewer").visit(`${scene.vault.publicUrl}/login/polyphony`)).text.includes(
        "viewer of Alto",
      );
    await eventually("the vault to know the new key", logInOnceMore, { everyMs: 2_000 });
  });
});
