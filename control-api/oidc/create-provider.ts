import {
  type AdapterFactory,
  type Configuration,
  errors,
  type FindAccount,
  interactionPolicy,
  Provider,
} from "oidc-provider";
import { day, minute, hour, second } from "../clock.ts";
import { toAppError } from "../http/problem.ts";
import { signingAlgorithm, type SigningKey } from "./key-store.ts";
import { cliClient, cliClientId, cliScopes, vaultKeyAlgorithm } from "./oidc-clients.ts";

export interface ProviderParts {
  /** Of console and API, and the issuer. */
  readonly publicUrl: string;
  /** The one that signs first; the others are published only. */
  readonly keys: readonly SigningKey[];
  /** For cookies that last as long as one login takes. */
  readonly cookieKey: string;
  readonly adapter: AdapterFactory;
  readonly findAccount: FindAccount;
  /** Told of what is our mistake, or the registry's. */
  readonly onTrouble: (error: unknown) => void;
}

/** Paths of the provider; the ones of people are ours (see identity-router.ts). */
export const oidcPaths = {
  discovery: "/.well-known/openid-configuration",
  authorization: "/oidc/authorize",
  token: "/oidc/token",
  jwks: "/oidc/keys",
  revocation: "/oidc/revoke",
  deviceAuthorization: "/oidc/device",
  deviceVerification: "/device",
  interaction: "/oidc/logins",
  vaultEntrance: "/oidc/vaults",
} as const;

const seconds = (milliseconds: number): number => milliseconds / second;

/** How long things live, in seconds. */
const ttl = {
  AccessToken: seconds(15 * minute),
  IdToken: seconds(5 * minute),
  AuthorizationCode: seconds(minute),
  DeviceCode: seconds(10 * minute),
  RefreshToken: seconds(30 * day),
  Grant: seconds(30 * day),
  Interaction: seconds(hour),
  Session: seconds(hour),
};

/** Every request to log in is answered by us anew: who is logged in here is what our own cookie says, and nothing else. */
const askUsEachTime = () => {
  const { Check, Prompt } = interactionPolicy;
  const check = new Check("polyphony_login", "who is logged in is looked up", "login_required", ({ oidc }) =>
    oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  );
  return [new Prompt({ name: "login", requestable: true }, check), new Prompt({ name: "consent", requestable: true })];
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const features = {
  devInteractions: { enabled: false },
  deviceFlow: { enabled: true, charset: "base-20", mask: "****-****" },
  revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
  resourceIndicators: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  dPoP: { enabled: false },
} satisfies Configuration["features"];

/** The OpenID provider: code with PKCE for vaults, the device flow for the command line, nothing else. */
export const createProvider = (parts: ProviderParts): Provider => {
  const { publicUrl, keys, cookieKey, adapter, findAccount, onTrouble } = parts;
  const provider = new Provider(publicUrl, {
    adapter,
    findAccount,
    clients: [cliClient],
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    features,
    ttl,
    scopes: cliScopes,
    claims: { openid: ["sub", "email", "email_verified", "name", "locale", "role"] },
    // There is no other place to ask for them.
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    clientAuthMethods: ["none", "private_key_jwt"],
    enabledJWA: { idTokenSigningAlgValues: [signingAlgorithm], clientAuthSigningAlgValues: [vaultKeyAlgorithm] },
    pkce: { required: () => true },
    expiresWithSession: () => false,
    issueRefreshToken: (_context, client) => client.clientId === cliClientId,
    assertJwtClientAuthClaimsAndHeader: (context, claims) => {
      if (claims["aud"] !== context.oidc.issuer)
        throw new errors.InvalidClientAuth("the assertion's aud must be the issuer, and nothing else");
    },
    interactions: {
      policy: askUsEachTime(),
      url: (_context, { uid }) => `${oidcPaths.interaction}/${uid}`,
    },
    routes: {
      authorization: oidcPaths.authorization,
      token: oidcPaths.token,
      jwks: oidcPaths.jwks,
      revocation: oidcPaths.revocation,
      device_authorization: oidcPaths.deviceAuthorization,
      code_verification: oidcPaths.deviceVerification,
    },
    cookies: {
      keys: [cookieKey],
      names: { session: "polyphony-oidc", interaction: "polyphony-oidc-login", resume: "polyphony-oidc-resume" },
      short: { httpOnly: true, sameSite: "lax", signed: true },
      long: { httpOnly: true, sameSite: "lax", signed: true },
    },
    clientBasedCORS: () => false,
    renderError: (context, { error, error_description: why }) => {
      context.type = "html";
      context.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Polyphony</title></head><body><main><h1>That login could not be done</h1><p>Go back to where you came from and log in again.</p><p>${escaped(error)}: ${escaped(why ?? "")}</p></main></body></html>`;
    },
  });
  provider.proxy = true;
  provider.on("server_error", (context, error) => {
    onTrouble(error);
    const { status, retryAfterSeconds } = toAppError(error).problem;
    context.status = status;
    if (retryAfterSeconds !== undefined) context.set("Retry-After", String(retryAfterSeconds));
  });
  return provider;
};
