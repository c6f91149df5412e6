import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";
import * as z from "zod";
import { hour, type Clock } from "../clock.ts";
import { registryAway, registryRefused } from "./registry-errors.ts";

const answerWithinMs = 5000;

const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});

/** Where the registry is asked for what, and the keys that it signs with. */
export interface Registry extends z.infer<typeof Metadata> {
  keys: JWTVerifyGetKey;
}

/** What the registry answers, as JSON. Throws registryAway, and registryRefused when it says no. */
export const readJson = async (url: string, init: RequestInit = {}): Promise<unknown> => {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(answerWithinMs), ...init });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw registryRefused();
    if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${String(response.status)}`);
    return await response.json();
  } catch (error) {
    throw error instanceof Error && error.name === "AppError" ? error : registryAway(error);
  }
};

/** Reads what the registry says of itself, at most once an hour. The reading throws registryAway. */
export const registryMetadata = (registryUrl: string, clock: Clock): (() => Promise<Registry>) => {
  let known: Registry | null = null;
  let knownUntil = 0;
  return async () => {
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
};
