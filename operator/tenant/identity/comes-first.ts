import type { Tenant } from "../../../crds/index.ts";

/** Of two Tenants with one vault id: the one it was made for, else the older one, holds the vault. */
export const comesFirst = (one: Tenant, other: Tenant, vaultId: string): boolean => {
  const rank = ({ metadata }: Tenant) =>
    `${metadata.uid === vaultId ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`;
  return rank(one) < rank(other);
};
