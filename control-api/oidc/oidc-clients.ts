import type { AdapterPayload, ClientMetadata } from "oidc-provider";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { signingAlgorithm } from "./key-store.ts";

/** The command line: a program that can keep no secret. */
export const cliClientId = "polyphony-cli";

export const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** What the command line may ask for; `api` is all that its person may do. */
export const cliScopes = ["openid", "offline_access", "api"];

export const cliClient: ClientMetadata = {
  client_id: cliClientId,
  client_name: "Polyphony's command line",
  application_type: "native",
  token_endpoint_auth_method: "none",
  grant_types: [deviceGrant, "refresh_token"],
  response_types: [],
  redirect_uris: [],
  scope: cliScopes.join(" "),
  id_token_signed_response_alg: signingAlgorithm,
};

/** Where a vault sends people off to log in with Polyphony. */
export const vaultLoginPath = "/login/polyphony";

/** Where a vault takes people back who log in with Polyphony. */
const vaultCallbackPath = `${vaultLoginPath}/callback`;

/** Vaults prove themselves with a key of this algorithm. */
export const vaultKeyAlgorithm = "Ed25519";

export type ClientFinder = (clientId: string) => Promise<AdapterPayload | undefined>;

type Row = { vault_id: string; name: string; url: string; client_keys: readonly string[] };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const vaultClient = ({ vault_id, name, url, client_keys }: Row): AdapterPayload => ({
  client_id: vault_id,
  client_name: name,
  application_type: "web",
  redirect_uris: [url + vaultCallbackPath],
  token_endpoint_auth_method: "private_key_jwt",
  token_endpoint_auth_signing_alg: vaultKeyAlgorithm,
  jwks: { keys: client_keys.map((x) => ({ kty: "OKP", crv: "Ed25519", x, alg: vaultKeyAlgorithm, use: "sig" })) },
  grant_types: ["authorization_code"],
  response_types: ["code"],
  scope: "openid",
  id_token_signed_response_alg: signingAlgorithm,
});

/** Every vault of an open organization is a client, by its own id and with the keys that its Tenant's status names. */
export const findVaultClient =
  (registry: RegistryDatabase): ClientFinder =>
  async (clientId) => {
    if (!uuid.test(clientId)) return undefined;
    const row = await registry.queryAsPlatform((database) =>
      database("vaults as v")
        .join("organizations as o", "o.id", "v.organization_id")
        .where("v.vault_id", clientId)
        .whereNull("o.closed_at")
        .whereNotNull("v.url")
        .whereNotNull("v.client_keys")
        .first<Row | undefined>("v.vault_id", "o.name", "v.url", "v.client_keys"),
    );
    return row && vaultClient(row);
  };
