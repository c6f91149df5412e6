import * as oidc from "openid-client";
import { reasonOf, unreachable } from "../api/unreachable.ts";
import { CliError, failed, noAccess, tooLate } from "../cli-error.ts";
import type { Fetch } from "../session.ts";
import type { Tokens } from "./contexts.ts";

const clientId = "polyphony-cli";
const scope = "openid offline_access api";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
/** Each request; a renewal's two together take less than a lock's life. */
const patienceSeconds = 8;

/** What the person is asked to do in a browser (RFC 8628, 3.2). */
export type DeviceRequest = {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly address: string;
  /** The address with the code in it, when the server gives one. */
  readonly completeAddress: string | undefined;
  readonly expiresInMs: number;
  readonly intervalMs: number;
};

/** Where tokens come from: the OpenID provider that the API names at its own address. */
export type LoginServer = {
  /** The address of that API. */
  readonly api: string;
  readonly begin: () => Promise<DeviceRequest>;
  /** `slower`: ask less often from now on. @throws CliError when the person said no (4) or let it pass (6) */
  readonly poll: (deviceCode: string) => Promise<Tokens | "pending" | "slower">;
  /** Undefined when the token is spent or revoked. */
  readonly refresh: (refreshToken: string) => Promise<Tokens | undefined>;
  readonly revoke: (token: string) => Promise<void>;
};

const oauthErrorOf = (error: unknown): string | undefined =>
  error instanceof oidc.ResponseBodyError ? error.error : undefined;

const tokensOf = (reply: oidc.TokenEndpointResponse, now: Date): Tokens => ({
  access: reply.access_token,
  ...(reply.refresh_token === undefined ? {} : { refresh: reply.refresh_token }),
  ...(reply.expires_in === undefined
    ? {}
    : { expiresAt: new Date(now.getTime() + reply.expires_in * 1000).toISOString() }),
});

/** The library wraps what our own fetch throws. */
const unwrapped = (error: unknown): CliError | undefined => {
  if (error instanceof CliError) return error;
  return error instanceof Error ? unwrapped(error.cause) : undefined;
};

/** Says what the server answered, unless it did not answer at all. */
const strange = (api: string, error: unknown): CliError =>
  unwrapped(error) ??
  failed(`The login at ${api} does not go as it should.`, {
    hints: [reasonOf(error)],
    next: `login ${api}`,
    cause: error,
  });

const discover = async (api: string, fetch: Fetch): Promise<oidc.Configuration> => {
  // http is let through for this machine only: see addressOf.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const execute = api.startsWith("http:") ? [oidc.allowInsecureRequests] : [];
  const customFetch: oidc.CustomFetch = (url, { method, headers, body, signal }) =>
    fetch(url, {
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body as string | URLSearchParams) }),
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      throw unreachable(api, error);
    });
  try {
    const document = new URL(`${api}/.well-known/openid-configuration`);
    return await oidc.discovery(document, clientId, undefined, oidc.None(), {
      [oidc.customFetch]: customFetch,
      timeout: patienceSeconds,
      execute,
    });
  } catch (error) {
    const away = unwrapped(error);
    if (away) throw away;
    const { cause } = error as { cause?: unknown };
    const why = cause instanceof Response ? `It answered ${cause.status}.` : reasonOf(error);
    throw failed(`There is no Polyphony to log in to at ${api}.`, {
      hints: [why, "Check the address: it is the console's."],
      cause: error,
    });
  }
};

const ended: Readonly<Record<string, (api: string) => CliError>> = {
  access_denied: (api) => noAccess("The login was refused in the browser.", { next: `login ${api}` }),
  expired_token: (api) => tooLate("The code was not confirmed in time.", { next: `login ${api}` }),
};

const pollOf = async (
  api: string,
  server: oidc.Configuration,
  deviceCode: string,
): Promise<oidc.TokenEndpointResponse | "pending" | "slower"> => {
  try {
    return await oidc.genericGrantRequest(server, deviceGrant, { device_code: deviceCode });
  } catch (error) {
    const said = oauthErrorOf(error);
    if (said === "authorization_pending") return "pending";
    // Who is away for a moment is asked again, less often (RFC 8628, 3.5); the code ends it in any case.
    if (said === "slow_down" || said === undefined) return "slower";
    throw ended[said]?.(api) ?? strange(api, error);
  }
};

/** Finds the provider at the API's address. @throws CliError when there is none */
export const findLoginServer = async (api: string, fetch: Fetch, now: () => Date): Promise<LoginServer> => {
  const server = await discover(api, fetch);
  return {
    api,
    begin: async () => {
      const reply = await oidc.initiateDeviceAuthorization(server, { scope }).catch((error: unknown) => {
        throw strange(api, error);
      });
      return {
        deviceCode: reply.device_code,
        userCode: reply.user_code,
        address: reply.verification_uri,
        completeAddress: reply.verification_uri_complete,
        expiresInMs: reply.expires_in * 1000,
        intervalMs: (reply.interval ?? 5) * 1000,
      };
    },
    poll: async (deviceCode) => {
      const answer = await pollOf(api, server, deviceCode);
      return typeof answer === "string" ? answer : tokensOf(answer, now());
    },
    refresh: async (refreshToken) => {
      try {
        return tokensOf(await oidc.refreshTokenGrant(server, refreshToken), now());
      } catch (error) {
        if (oauthErrorOf(error) === "invalid_grant") return undefined;
        throw strange(api, error);
      }
    },
    revoke: (token) => oidc.tokenRevocation(server, token),
  };
};
