import { randomUUID } from "node:crypto";
import { createRemoteJWKSet, importJWK, type JWTVerifyGetKey, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { hour, type Clock } from "../clock.ts";
import { registryAway, registryRefused } from "./registry-errors.ts";
import type { LoginAttempt } from "./login-attempt.ts";
import { roles, type Role } from "../members/member.ts";

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

const answerWithinMs = 5000;

const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});

const Claims = z.object({
  email: z.string().max(254),
  email_verified: z.literal(true),
  name: z.string(),
  role: z.enum(roles),
  nonce: z.string(),
});

interface Registry extends z.infer<typeof Metadata> {
  keys: JWTVerifyGetKey;
}

const readJson = async (url: string, init: RequestInit = {}): Promise<unknown> => {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(answerWithinMs), ...init });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw registryRefused();
    if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${String(response.status)}`);
    return await response.json();
  } catch (error) {
    throw error instanceof Error && error.name === "AppError" ? error : registryAway(error);
  }
};

/** The published keys could not be read; all else is about the token. */
const keysAway = (error: unknown): boolean =>
  error instanceof TypeError ||
  ["ERR_JWKS_TIMEOUT", "ERR_JOSE_GENERIC"].includes(String((error as { code?: unknown }).code));

const formType = { "Content-Type": "application/x-www-form-urlencoded" };

/** Logs people in by the registry: OpenID Connect, code with PKCE, the vault proves itself by its own key. */
export function registryClient(deps: RegistryClientDeps): RegistryClient {
  const { vaultId, publicOrigin, registryUrl, registryKey, clock } = deps;
  const redirectUri = publicOrigin + callbackPath;
  let known: Registry | null = null;
  let knownUntil = 0;

  const registry = async (): Promise<Registry> => {
    const now = clock.now().getTime();
    if (known && now < knownUntil) return known;
    const read = Metadata.safeParse(await readJson(`${registryUrl}/.well-known/openid-configuration`));
    // Whoever answers for another issuer is not the one that we were told to trust.
    if (!read.success || read.data.issuer !== registryUrl) throw registryAway(read.error);
    known = {
      ...read.data,
      keys: createRemoteJWKSet(new URL(read.data.jwks_uri), { timeoutDuration: answerWithinMs }),
    };
    knownUntil = now + hour;
    return known;
  };

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
      const answer = await readJson(token_endpoint, { method: "POST", headers: formType, body });
      const { id_token } = z.object({ id_token: z.string() }).parse(answer);
      return verified(id_token, attempt).catch((error: unknown) => {
        throw keysAway(error) ? registryAway(error) : registryRefused(error);
      });
    },
  };
}
