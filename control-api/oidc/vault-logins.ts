import type { Request, RequestHandler } from "express";
import type { Provider } from "oidc-provider";
import { AppError } from "../errors.ts";
import type { Person } from "../http/call.ts";
import type { Tokens } from "../tokens.ts";
import { oidcPaths } from "./create-provider.ts";
import { accountIdOf, grantIdFor, type RoleInVault } from "./oidc-accounts.ts";
import type { ProviderSource } from "./provider-source.ts";

export interface VaultLoginsDeps {
  readonly publicUrl: string;
  readonly tokens: Tokens;
  readonly provider: ProviderSource;
  readonly roleInVault: RoleInVault;
  readonly personOf: (request: Request) => Promise<Person | null>;
}

const gone = (cause: unknown) =>
  new AppError(
    {
      code: "login-expired",
      detail: "This login is over. Go back to the vault and choose to log in with Polyphony again.",
    },
    { cause },
  );

/** The provider's own session follows ours: somebody else may have logged in with this browser since it began. */
const followPerson = async (
  provider: Provider,
  session: Awaited<ReturnType<Provider["interactionDetails"]>>["session"],
  accountId: string,
): Promise<void> => {
  if (!session || session.accountId === accountId) return;
  const known = await provider.Session.findByUid(session.uid);
  known?.loginAccount({ accountId, transient: true });
  await known?.persist();
};

/**
 * Where the provider sends a browser that wants to log in to a vault: whoever is logged in here goes on at once, as what
 * they are in the vault's organization; who is none of its members is sent back with that answer.
 */
export const vaultLogin =
  ({ publicUrl, tokens, provider: currentProvider, roleInVault, personOf }: VaultLoginsDeps): RequestHandler =>
  async (request, response) => {
    const provider = await currentProvider();
    const details = await provider.interactionDetails(request, response).catch((error: unknown) => {
      throw gone(error);
    });
    const person = await personOf(request);
    if (!person) {
      const next = `${oidcPaths.interaction}/${details.uid}`;
      response.redirect(303, `${publicUrl}/login?next=${encodeURIComponent(next)}`);
      return;
    }
    const clientId = String(details.params["client_id"]);
    if ((await roleInVault(clientId, person.id)) === null) {
      const error_description = "This person is not a member of the organization.";
      await provider.interactionFinished(request, response, { error: "access_denied", error_description });
      return;
    }
    const accountId = accountIdOf(person.id);
    const grant = new provider.Grant({ accountId, clientId });
    grant.jti = grantIdFor(person.sessionId, tokens.fresh());
    grant.addOIDCScope("openid");
    const result = { login: { accountId, remember: false }, consent: { grantId: await grant.save() } };
    const back = await provider.interactionResult(request, response, result);
    await followPerson(provider, details.session, accountId);
    response.redirect(303, back);
  };
