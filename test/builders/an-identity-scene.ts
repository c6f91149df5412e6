import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importJWK, SignJWT } from "jose";
import {
  allowInsecureRequests,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { createSecrets } from "../../operator/secrets.ts";
import { privateClientKey } from "../../operator/tenant/client-key.ts";
import { buildVault } from "../../vault-template/build.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { contractEnvironment } from "../contract/contract-environment.ts";
import { processTarget, type ProcessTarget } from "../contract/process-target.ts";
import { runSql, templateDatabases } from "../contract/template-databases.ts";
import type { RunningVault } from "../contract/vault-target.ts";
import { eventually } from "../e2e/support/eventually.ts";
import { aBrowser, type Browser } from "./a-browser.ts";
import { aConsoleAddress } from "./a-console-address.ts";
import { startControlApi, tenantKind, type ControlApi } from "./a-control-api.ts";
import { logIn, registerAndProve, tokenInMail } from "./a-registered-organization.ts";
import { anApiClient, type ApiClient } from "./an-api-client.ts";

/** A vault as the registry knows it. */
export interface KnownVault {
  readonly slug: string;
  readonly id: string;
  readonly url: string;
  /** JSON Web Key with its private half. */
  readonly key: Record<string, string>;
}

/** A login to a vault, gone as far as the code, which is not handed in. */
export interface BegunLogin {
  readonly callback: URL;
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
}

export interface AssertionParts {
  readonly of?: KnownVault;
  readonly signedBy?: KnownVault;
  readonly audience?: string;
  readonly jti?: string;
  readonly expiresInSeconds?: number;
}

/** Two organizations in a registry: Alto, whose vault runs, and Bass, whose vault is only known. */
export interface IdentityScene {
  readonly api: ControlApi;
  readonly target: ProcessTarget;
  readonly vault: RunningVault;
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly alto: KnownVault;
  readonly bass: KnownVault;
  /** owner and viewer of Alto, stranger (owner of Bass), and whoever has joined. */
  readonly people: Map<string, ApiClient>;
  mailOf(name: string): string;
  joinAlto(name: string, role: string): Promise<void>;
  /** Logs in by a mail of its own, not by an earlier one. */
  logInAnew(name: string): Promise<ApiClient>;
  /** A browser that is logged in to the console as this person. */
  browserOf(name: string): Browser;
  /** Members of the running vault with this address. */
  membersOf(email: string): Promise<{ role: string; name: string }[]>;
  /** The vault as openid-client 6 would be it. */
  clientOf(vault: KnownVault): Promise<Configuration>;
  begin(of: KnownVault, name: string): Promise<BegunLogin>;
  assertionBy(parts?: AssertionParts): Promise<string>;
  /** Hands a code in as Alto's vault; `more` goes over it. Returns "accepted" or the error. */
  redeem(begun: BegunLogin, more: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

const callbackOf = ({ url }: Pick<KnownVault, "url">): string => `${url}/login/polyphony/callback`;

/** Says in the Tenant's status what the operator would, and waits until the registry has heard of it. */
const announce = async (
  api: ControlApi,
  slug: string,
  vault: { id: string; url: string; key: string },
): Promise<KnownVault> => {
  const { id, url, key } = vault;
  const jwk = JSON.parse(key) as KnownVault["key"];
  const find = () => api.kube.find(tenantKind, { name: slug });
  await eventually(`the Tenant ${slug}`, async () => (await find()) !== undefined);
  const status = { vaultId: id, url, clientKeys: [jwk["x"] ?? ""] };
  await api.kube.patchStatus(tenantKind, { name: slug }, { status });
  await eventually(`the registry to know the vault of ${slug}`, async () => {
    const row = await api.registry.asPlatform((transaction) =>
      transaction("vaults").where({ tenant: slug }).first<{ vault_id: string | null; url: string } | undefined>(),
    );
    return row?.vault_id === id && row.url === url;
  });
  return { slug, id, url, key: jwk };
};

const clientOf = async (issuer: string, { id, key }: KnownVault): Promise<Configuration> => {
  const privateKey = (await importJWK(key, "Ed25519")) as Parameters<typeof PrivateKeyJwt>[0];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the test's own machine, without TLS
  return discovery(new URL(issuer), id, undefined, PrivateKeyJwt(privateKey), { execute: [allowInsecureRequests] });
};

const beginLogin = async (client: Configuration, of: KnownVault, browser: Browser): Promise<BegunLogin> => {
  const [verifier, nonce, state] = [randomPKCECodeVerifier(), randomNonce(), randomState()];
  const url = buildAuthorizationUrl(client, {
    redirect_uri: callbackOf(of),
    scope: "openid",
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    state,
  });
  const { url: callback } = await browser.visit(url.href, callbackOf(of));
  return { callback, verifier, nonce, state };
};

const sign = async (parts: AssertionParts & { of: KnownVault; audience: string }): Promise<string> => {
  const { of, signedBy = of, audience, jti = randomUUID(), expiresInSeconds = 60 } = parts;
  return new SignJWT()
    .setProtectedHeader({ alg: "Ed25519" })
    .setIssuer(of.id)
    .setSubject(of.id)
    .setAudience(audience)
    .setJti(jti)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSeconds)
    .sign(await importJWK(signedBy.key, "Ed25519"));
};

const handIn = async (issuer: string, alto: KnownVault, begun: BegunLogin, more: Record<string, string>) => {
  const fields = {
    grant_type: "authorization_code",
    code: begun.callback.searchParams.get("code") ?? "",
    redirect_uri: callbackOf(alto),
    code_verifier: begun.verifier,
    client_id: alto.id,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ...more,
  };
  const response = await fetch(`${issuer}/oidc/token`, { method: "POST", body: new URLSearchParams(fields) });
  return ((await response.json()) as { error?: string }).error ?? "accepted";
};

/** A running vault on a database of its own, as the bundle that the image has. */
const runVault = async (settings: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), "identity-vault-"));
  const databases = templateDatabases(process.env["POLYPHONY_TEST_PG_ADMIN_URL"] ?? "", writableWhenReadOnly);
  const [database] = await Promise.all([databases.create(), buildVault(folder)]);
  const target = processTarget([process.execPath, join(folder, "vault.cjs")]);
  await target.migrate(`${JSON.stringify({ id: "vault", url: database.migratorUrl })}\n`, "stdin");
  const complete = contractEnvironment({ smtpUrl: "smtp://127.0.0.1:9" } as never, database.rwUrl);
  const environment = { ...complete, ...settings };
  const stop = async (): Promise<void> => {
    await target.stopAll();
    await databases.dropAll();
    await rm(folder, { recursive: true, force: true });
  };
  return { target, database, environment, vault: await target.serve(environment), stop };
};

/** Starts all of it. */
export const startIdentityScene = async (): Promise<IdentityScene> => {
  const suffix = randomBytes(3).toString("hex");
  const mailOf = (name: string) => `${name}-${suffix}@alto.example`;
  const secrets = createSecrets(randomBytes(32));
  const api = await startControlApi({ ...(await aConsoleAddress()), RATE_LIMITS_FACTOR: "100" });
  const people = new Map<string, ApiClient>();
  const owners = { owner: `alto-${suffix}`, stranger: `bass-${suffix}` };
  for (const [name, slug] of Object.entries(owners)) {
    const client = anApiClient(api.url);
    people.set(name, client);
    await registerAndProve(api, client, slug, mailOf(name));
  }
  const [id, otherId] = [randomUUID(), randomUUID()];
  const key = privateClientKey(secrets, id, 1);
  const registry = { VAULT_ID: id, OWNER_EMAIL: mailOf("owner"), REGISTRY_URL: api.url, REGISTRY_KEY: key };
  const { target, database, environment, vault, stop } = await runVault(registry);
  const alto = await announce(api, owners.owner, { id, url: vault.publicUrl, key });
  const other = { id: otherId, url: "http://bass.vaults.test", key: privateClientKey(secrets, otherId, 1) };
  const bass = await announce(api, owners.stranger, other);

  const browserOf = (name: string): Browser => {
    const browser = aBrowser();
    const cookies = people.get(name)?.headers()["Cookie"] ?? "";
    if (cookies !== "") browser.give(api.url, cookies);
    return browser;
  };
  const joinAlto = async (name: string, role: string): Promise<void> => {
    const path = `/api/organizations/${alto.slug}/invitations`;
    await people.get("owner")?.send("POST", path, { email: mailOf(name), role });
    const client = anApiClient(api.url);
    const token = await tokenInMail(api, mailOf(name), /invites you/);
    const accepted = await client.send("POST", `/api/invitations/${token}/acceptance`, { name: `${name} of Alto` });
    if (accepted.status !== 201) throw new Error(`${name} could not join: ${JSON.stringify(accepted.body)}`);
    await client.me();
    people.set(name, client);
  };
  await joinAlto("viewer", "viewer");

  return {
    api,
    target,
    vault,
    environment,
    alto,
    bass,
    people,
    mailOf,
    joinAlto,
    browserOf,
    logInAnew: (name) => {
      api.mails.clear();
      return logIn(api, mailOf(name));
    },
    membersOf: (email) =>
      runSql(database.adminUrl, `SELECT role, name FROM members WHERE lower(email) = lower('${email}')`),
    clientOf: (of) => clientOf(api.url, of),
    begin: async (of, name) => beginLogin(await clientOf(api.url, of), of, browserOf(name)),
    assertionBy: (parts = {}) => sign({ of: alto, audience: api.url, ...parts }),
    redeem: (begun, more) => handIn(api.url, alto, begun, more),
    stop: async () => {
      await stop();
      await api.removeTenants();
      await api.stop();
    },
  };
};
