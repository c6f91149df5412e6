import { randomBytes, randomUUID } from "node:crypto";
import type { Configuration } from "openid-client";
import { createSecrets } from "../../operator/secrets.ts";
import { privateClientKey } from "../../operator/tenant/client-key.ts";
import type { ProcessTarget } from "../contract/process-target.ts";
import { runSql } from "../contract/template-databases.ts";
import type { RunningVault } from "../contract/vault-target.ts";
import { eventually } from "../harness/eventually.ts";
import { aBrowser, type Browser } from "./a-browser.ts";
import { aConsoleAddress } from "./a-console-address.ts";
import { startControlApi, tenantKind, type ControlApi } from "./a-control-api.ts";
import { logIn, registerAndProve, tokenInMail } from "./a-registered-organization.ts";
import { anApiClient, type ApiClient } from "./an-api-client.ts";
import { runVault } from "./run-vault.ts";
import {
  type AssertionParts,
  beginLogin,
  type BegunLogin,
  clientOf,
  handIn,
  type KnownVault,
  sign,
} from "./vault-login.ts";

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

type Crowd = Pick<IdentityScene, "api" | "people" | "mailOf">;

/** Takes up an invitation of the owner's. */
const join = async ({ api, people, mailOf }: Crowd, slug: string, name: string, role: string): Promise<void> => {
  await people.get("owner")?.send("POST", `/api/organizations/${slug}/invitations`, { email: mailOf(name), role });
  const client = anApiClient(api.url);
  const token = await tokenInMail(api, mailOf(name), /invites you/);
  const accepted = await client.send("POST", `/api/invitations/${token}/acceptance`, { name: `${name} of Alto` });
  if (accepted.status !== 201) throw new Error(`${name} could not join: ${JSON.stringify(accepted.body)}`);
  await client.me();
  people.set(name, client);
};

const browserWith = (url: string, client: ApiClient | undefined): Browser => {
  const browser = aBrowser();
  const cookies = client?.headers()["Cookie"] ?? "";
  if (cookies !== "") browser.give(url, cookies);
  return browser;
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

  const joinAlto = (name: string, role: string) => join({ api, people, mailOf }, alto.slug, name, role);
  await joinAlto("viewer", "viewer");
  const browserOf = (name: string) => browserWith(api.url, people.get(name));

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
