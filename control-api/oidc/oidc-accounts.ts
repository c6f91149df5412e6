import type { FindAccount } from "oidc-provider";
import type { Role } from "../contract/route-contract.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { publicId, uuidOf } from "../ids.ts";
import type { WhoAsks } from "../login/who-asks.ts";
import { personRepository } from "../people/person-repository.ts";
import { cliClientId } from "./oidc-clients.ts";

/** A grant's id begins with the id of the login that it was given in, so that its tokens end with that login. */
export const grantIdFor = (sessionId: string, random: string): string => `${sessionId}.${random}`;
export const sessionIdOf = (grantId: string): string => grantId.split(".")[0] ?? "";

/** The role of a person (UUID) in the organization whose vault this is; null when it is none of its members. */
export type RoleInVault = (vaultId: string, personId: string) => Promise<Role | null>;

export const roleInVault =
  (registry: RegistryDatabase): RoleInVault =>
  (vaultId, personId) =>
    registry.asPlatform(async (transaction) => {
      const row = await transaction("vaults as v")
        .join("organizations as o", "o.id", "v.organization_id")
        .join("organization_members as m", "m.organization_id", "o.id")
        .where({ "v.vault_id": vaultId, "m.person_id": personId })
        .whereNull("o.closed_at")
        .first<{ role: Role } | undefined>("m.role");
      return row?.role ?? null;
    });

export interface OidcAccountsDeps {
  readonly registry: RegistryDatabase;
  readonly whoAsks: WhoAsks;
  readonly roleInVault: RoleInVault;
}

/**
 * Who somebody is to a client. Nobody, once the login that the token came from has ended or, to a vault, once they are no
 * longer a member of its organization: then no token is given or renewed.
 */
export const findOidcAccount =
  ({ registry, whoAsks, roleInVault }: OidcAccountsDeps): FindAccount =>
  async (context, accountId, token) => {
    const personId = uuidOf("person", accountId);
    if (personId === null) return undefined;
    const grantId = token && "grantId" in token ? token.grantId : undefined;
    if (grantId !== undefined) {
      const asking = await whoAsks({ sessionId: sessionIdOf(grantId) }, null);
      if (asking?.person.id !== personId) return undefined;
    }
    const clientId = token?.clientId ?? context.oidc.client?.clientId;
    const forVault = clientId !== undefined && clientId !== cliClientId;
    const role = forVault ? await roleInVault(clientId, personId) : null;
    if (forVault && role === null) return undefined;
    const person = await registry.queryAsPlatform((database) => personRepository(database).byId(personId));
    if (!person) return undefined;
    const { email, name, locale } = person;
    return {
      accountId,
      claims: () => ({
        sub: accountId,
        email,
        email_verified: true,
        name,
        locale,
        ...(role === null ? {} : { role }),
      }),
    };
  };

/** How clients know a person. */
export const accountIdOf = (personId: string): string => publicId("person", personId);
