import type { Request, RequestHandler } from "express";
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
      status: 410,
      code: "login-expired",
      title: "That took too long",
      detail: "This login is over. Go back to the vault and choose to log in with Polyphony again.",
    },
    { cause },
  );

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
    const known = details.session?.accountId;
    if (known !== undefined && known !== accountId && details.session?.uid !== undefined) {
      // Somebody else has logged in with this browser meanwhile: the provider's own session follows ours.
      const session = await provider.Session.findByUid(details.session.uid);
      session?.loginAccount({ accountId, transient: true });
      await session?.persist();
    }
    const grant = new provider.Grant({ accountId, clientId });
    grant.jti = grantIdFor(person.sessionId, tokens.fresh());
    grant.addOIDCScope("openid");
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { login: { accountId, remember: false }, consent });
  };
