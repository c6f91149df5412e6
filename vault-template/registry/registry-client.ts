import { randomUUID } from "node:crypto";
import { importJWK, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import type { Clock } from "../clock.ts";
import { roles, type Role } from "../members/member.ts";
import type { LoginAttempt } from "./login-attempt.ts";
import { registryAway, registryRefused } from "./registry-errors.ts";
import { readJson, registryMetadata } from "./registry-metadata.ts";

/** Who the registry says somebody is. */
export interface RegistryPerson {
  email: string;
  name: string;
  role: Role;
}

export interface RegistryClient {
  /** Where a browser goes to log in. Throws registryAway. */
  loginUrl(attempt: LoginAttempt): Promise<string>;
  /** Hands in the code that came back. Throws registryAway, registryRefused. */
  redeem(code: string, attempt: LoginAttempt): Promise<RegistryPerson>;
  /** Whether an answer says that it is this registry's. */
  isIssuer(issuer: string): boolean;
}

export interface RegistryClientDeps {
  vaultId: string;
  publicOrigin: string;
  registryUrl: string;
  /** JSON Web Key (Ed25519) with its private half. */
  registryKey: string;
  clock: Clock;
}

export const callbackPath = "/login/polyphony/callback";

const Claims = z.object({
  email: z.string().max(254),
  email_verified: z.literal(true),
  name: z.string(),
  role: z.enum(roles),
  nonce: z.string(),
});

const TokenAnswer = z.object({ id_token: z.string() });

/** The published keys could not be read; all else is about the token. */
const keysAway = (error: unknown): boolean =>
  error instanceof TypeError ||
  ["ERR_JWKS_TIMEOUT", "ERR_JOSE_GENERIC"].includes(String((error as { code?: unknown }).code));

const formType = { "Content-Type": "application/x-www-form-urlencoded" };

/** Logs people in by the registry: OpenID Connect, code with PKCE, the vault proves itself by its own key. */
export function registryClient(deps: RegistryClientDeps): RegistryClient {
  const { vaultId, publicOrigin, registryUrl, registryKey, clock } = deps;
  const redirectUri = publicOrigin + callbackPath;
  const registry = registryMetadata(registryUrl, clock);

  const assertion = async (audience: string): Promise<string> =>
    new SignJWT()
      .setProtectedHeader({ alg: "Ed25519" })
      .setIssuer(vaultId)
      .setSubject(vaultId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(clock.now())
      .setExpirationTime(new Date(clock.now().getTime() + 60_000))
      .sign(await importJWK(JSON.parse(registryKey) as Record<string, string>, "Ed25519"));

  const verified = async (idToken: string, { nonce }: LoginAttempt): Promise<RegistryPerson> => {
    const { issuer, keys } = await registry();
    const options = { issuer, audience: vaultId, algorithms: ["ES256"], clockTolerance: 30, currentDate: clock.now() };
    const { payload } = await jwtVerify(idToken, keys, { ...options, requiredClaims: ["exp", "iat", "sub"] });
    const claims = Claims.parse(payload);
    if (claims.nonce !== nonce) throw new Error("the ID token was made for another login");
    return claims;
  };

  return {
    isIssuer: (issuer) => issuer === registryUrl,
    loginUrl: async ({ state, nonce, challenge }) => {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: vaultId,
        redirect_uri: redirectUri,
        scope: "openid",
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: "S256",
      });
      return `${(await registry()).authorization_endpoint}?${query.toString()}`;
    },
    redeem: async (code, attempt) => {
      const { issuer, token_endpoint } = await registry();
      const body = new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: attempt.verifier,
        client_id: vaultId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await assertion(issuer),
      }).toString();
      const read = TokenAnswer.safeParse(await readJson(token_endpoint, { method: "POST", headers: formType, body }));
      if (!read.success) throw registryAway(read.error);
      return verified(read.data.id_token, attempt).catch((error: unknown) => {
        throw keysAway(error) ? registryAway(error) : registryRefused(error);
      });
    },
  };
}
