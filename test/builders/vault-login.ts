import { randomUUID } from "node:crypto";
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
import type { Browser } from "./a-browser.ts";

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

const callbackOf = ({ url }: Pick<KnownVault, "url">): string => `${url}/login/polyphony/callback`;

/** The vault as openid-client 6 would be it. */
export const clientOf = async (issuer: string, { id, key }: KnownVault): Promise<Configuration> => {
  const privateKey = (await importJWK(key, "Ed25519")) as Parameters<typeof PrivateKeyJwt>[0];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the test's own machine, without TLS
  return discovery(new URL(issuer), id, undefined, PrivateKeyJwt(privateKey), { execute: [allowInsecureRequests] });
};

/** Logs a browser in as far as the code, which is not handed in. */
export const beginLogin = async (client: Configuration, of: KnownVault, browser: Browser): Promise<BegunLogin> => {
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

/** A vault's proof of itself, with whatever is to be wrong with it. */
export const sign = async (parts: AssertionParts & { of: KnownVault; audience: string }): Promise<string> => {
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

/** Hands a code in; `more` goes over what belongs there. Returns "accepted" or the error. */
export const handIn = async (issuer: string, alto: KnownVault, begun: BegunLogin, more: Record<string, string>) => {
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
