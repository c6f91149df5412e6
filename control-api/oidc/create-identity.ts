import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { createSealer } from "../sealer.ts";
import { createWhoAsks } from "../login/who-asks.ts";
import { createTokens } from "../tokens.ts";
import { createProvider } from "./create-provider.ts";
import { createDeviceLogins, type DeviceLogins } from "./device-logins.ts";
import { createKeyStore } from "./key-store.ts";
import { findOidcAccount, type RoleInVault, roleInVault } from "./oidc-accounts.ts";
import { createOidcAdapter } from "./oidc-adapter.ts";
import { findVaultClient } from "./oidc-clients.ts";
import { type BearerAsks, createBearerAsks } from "./bearer-asks.ts";
import { createProviderSource, type ProviderSource } from "./provider-source.ts";
import { type VaultEntrance, vaultEntrance } from "./vault-entrance.ts";

/** Who people are to vaults and to the command line. */
export interface Identity {
  readonly provider: ProviderSource;
  readonly deviceLogins: DeviceLogins;
  readonly roleInVault: RoleInVault;
  readonly vaultEntrance: VaultEntrance;
  readonly bearerAsks: BearerAsks;
}

export interface IdentityParts {
  readonly publicUrl: string;
  /** The installation's. */
  readonly tokenKey: string;
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Wires the OpenID provider. */
export const createIdentity = ({ publicUrl, tokenKey, registry, clock, onTrouble }: IdentityParts): Identity => {
  const tokens = createTokens(tokenKey);
  const sealer = createSealer(tokenKey);
  const whoAsks = createWhoAsks(registry, clock);
  const role = roleInVault(registry);
  const adapter = createOidcAdapter({ registry, tokens, sealer, clock, findClient: findVaultClient(registry) });
  const findAccount = findOidcAccount({ registry, whoAsks, roleInVault: role });
  const cookieKey = tokens.hash("oidc", "cookies");
  const provider = createProviderSource(createKeyStore({ registry, sealer, clock }), clock, (keys) =>
    createProvider({ publicUrl, keys, cookieKey, adapter, findAccount, onTrouble }),
  );
  return {
    provider,
    deviceLogins: createDeviceLogins({ registry, tokens, clock, provider }),
    roleInVault: role,
    vaultEntrance: vaultEntrance(registry),
    bearerAsks: createBearerAsks(provider, whoAsks),
  };
};
