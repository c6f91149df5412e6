import type { DeviceCode, Provider } from "oidc-provider";
import { type Clock, later, second } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { Actor } from "../http/call.ts";
import { newId } from "../ids.ts";
import { sessionRepository } from "../login/session-repository.ts";
import { sessionLastsMs } from "../login/session-service.ts";
import type { Tokens } from "../tokens.ts";
import { accountIdOf, grantIdFor } from "./oidc-accounts.ts";
import { cliScopes } from "./oidc-clients.ts";
import type { ProviderSource } from "./provider-source.ts";

/** What became of a code that somebody typed. */
export type DeviceAnswer = "approved" | "denied" | "unknown" | "expired" | "used";

export interface DeviceLogins {
  /** Whether a code waits for an answer. */
  look(userCode: string): Promise<"waiting" | Exclude<DeviceAnswer, "approved" | "denied">>;
  /** Logs the program that shows this code in as this person. The login is listed among theirs, and ends with it. */
  approve(userCode: string, actor: Actor): Promise<DeviceAnswer>;
  deny(userCode: string): Promise<DeviceAnswer>;
}

export interface DeviceLoginsDeps {
  readonly registry: RegistryDatabase;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly provider: ProviderSource;
}

const programName = "Polyphony's command line";

/** As people type it: in any case, with or without the hyphen. */
const normalized = (userCode: string): string => userCode.toUpperCase().replace(/[^A-Z]/g, "");

const stateOf = (code: DeviceCode | undefined): "waiting" | "unknown" | "expired" | "used" => {
  if (!code) return "unknown";
  if (code.error !== undefined || code.accountId !== undefined) return "used";
  return code.isExpired ? "expired" : "waiting";
};

export const createDeviceLogins = ({ registry, tokens, clock, provider }: DeviceLoginsDeps): DeviceLogins => {
  const find = async (userCode: string): Promise<{ code: DeviceCode | undefined; provider: Provider }> => {
    const current = await provider();
    const code = await current.DeviceCode.findByUserCode(normalized(userCode), { ignoreExpiration: true });
    return { code, provider: current };
  };

  const openLogin = ({ person, circumstances }: Actor): Promise<string> =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const session = {
        id: newId(),
        personId: person.id,
        userAgent: programName,
        address: circumstances.address,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: later(now, sessionLastsMs),
      };
      // No cookie has this token: it is forgotten here.
      await sessionRepository(transaction).add(session, tokens.hash("session", tokens.fresh()));
      return session.id;
    });

  return {
    look: async (userCode) => stateOf((await find(userCode)).code),
    approve: async (userCode, actor) => {
      const { code, provider: current } = await find(userCode);
      const state = stateOf(code);
      if (!code || state !== "waiting") return state === "waiting" ? "unknown" : state;
      const accountId = accountIdOf(actor.person.id);
      const asked = code.params?.["scope"];
      const scope = cliScopes.filter((one) => typeof asked === "string" && asked.split(" ").includes(one)).join(" ");
      const grant = new current.Grant({ accountId, clientId: code.clientId });
      grant.jti = grantIdFor(await openLogin(actor), tokens.fresh());
      grant.addOIDCScope(scope);
      await grant.save();
      const authTime = Math.floor(clock.now().getTime() / second);
      Object.assign(code, { accountId, grantId: grant.jti, scope, authTime });
      await code.save();
      return "approved";
    },
    deny: async (userCode) => {
      const { code } = await find(userCode);
      const state = stateOf(code);
      if (!code || state !== "waiting") return state === "waiting" ? "unknown" : state;
      Object.assign(code, { error: "access_denied", errorDescription: "The person refused." });
      await code.save();
      return "denied";
    },
  };
};
