import type { Person } from "../http/call.ts";
import { accountIdOf, sessionIdOf } from "./oidc-accounts.ts";
import { cliClientId } from "./oidc-clients.ts";
import type { OngoingLogin } from "./ongoing-login.ts";
import type { ProviderSource } from "./provider-source.ts";

/** The person that an access token of the command line stands for; null for any other token, and once the login has ended. */
export type PersonOfBearer = (token: string) => Promise<Person | null>;

export const personOfBearer =
  (provider: ProviderSource, ongoingLogin: OngoingLogin): PersonOfBearer =>
  async (token) => {
    const found = await (await provider()).AccessToken.find(token);
    // Vaults get tokens too; those are for nothing here.
    if (found?.clientId !== cliClientId || !found.isValid || !found.scopes.has("api")) return null;
    const person = await ongoingLogin(sessionIdOf(found.grantId));
    return person && accountIdOf(person.id) === found.accountId ? person : null;
  };
