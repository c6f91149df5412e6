import * as oidc from "openid-client";
import { type CliError, failed, noAccess, tooLate } from "../cli-error.ts";
import type { Fetch } from "../session.ts";
import type { Tokens } from "./contexts.ts";

const clientId = "polyphony-cli";
const scope = "openid offline_access api";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

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
  readonly begin: () => Promise<DeviceRequest>;
  /** `slower`: ask less often from now on. @throws CliError when the person said no (4) or let it pass (6) */
  readonly poll: (deviceCode: string) => Promise<Tokens | "pending" | "slower">;
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
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

/** What lies at the bottom of an error: "fetch failed" and the like help nobody. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
};

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
    });
  try {
    const document = new URL(`${api}/.well-known/openid-configuration`);
    return await oidc.discovery(document, clientId, undefined, oidc.None(), {
      [oidc.customFetch]: customFetch,
      execute,
    });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const why = cause instanceof Response ? `It answered ${cause.status}.` : messageOf(cause ?? error);
    throw failed(`There is no Polyphony to log in to at ${api}.`, {
      hints: [why, "Check the address: it is the console's."],
      cause: error,
    });
  }
};

const ended: Readonly<Record<string, () => CliError>> = {
  access_denied: () => noAccess("The login was refused in the browser."),
  expired_token: () => tooLate("The code was not confirmed in time.", { next: "login" }),
};

/** Finds the provider at the API's address. @throws CliError when there is none */
export const findLoginServer = async (api: string, fetch: Fetch, now: () => Date): Promise<LoginServer> => {
  const server = await discover(api, fetch);
  return {
    begin: async () => {
      const reply = await oidc.initiateDeviceAuthorization(server, { scope });
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
      try {
        return tokensOf(await oidc.genericGrantRequest(server, deviceGrant, { device_code: deviceCode }), now());
      } catch (error) {
        const said = oauthErrorOf(error);
        if (said === "authorization_pending") return "pending";
        if (said === "slow_down") return "slower";
        throw ended[said ?? ""]?.() ?? error;
      }
    },
    refresh: async (refreshToken) => tokensOf(await oidc.refreshTokenGrant(server, refreshToken), now()),
    revoke: (token) => oidc.tokenRevocation(server, token),
  };
};
