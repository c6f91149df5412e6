import type { Asking } from "../http/call.ts";
import type { WhoAsks } from "../login/who-asks.ts";
import { accountIdOf, sessionIdOf } from "./oidc-accounts.ts";
import { cliClientId } from "./oidc-clients.ts";
import type { ProviderSource } from "./provider-source.ts";

/** Whom an access token of the command line stands for; null for any other token, and once the login has ended. */
export type BearerAsks = (token: string, slug: string | null) => Promise<Asking | null>;

export const createBearerAsks =
  (provider: ProviderSource, whoAsks: WhoAsks): BearerAsks =>
  async (token, slug) => {
    const found = await (await provider()).AccessToken.find(token);
    // Vaults get tokens too; those are for nothing here.
    if (found?.clientId !== cliClientId || !found.isValid || !found.scopes.has("api")) return null;
    const asking = await whoAsks({ sessionId: sessionIdOf(found.grantId) }, slug);
    return asking && accountIdOf(asking.person.id) === found.accountId ? asking : null;
  };
