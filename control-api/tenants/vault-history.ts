import type { Transaction } from "../db/registry-database.ts";
import { newId } from "../ids.ts";

/** How a vault was from some moment on. */
export interface VaultMoment {
  /** UUID. */
  readonly organizationId: string;
  readonly at: Date;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
}

/** Keeps it for the vault's timeline. As the platform. */
export const rememberVault = async (transaction: Transaction, moment: VaultMoment): Promise<void> => {
  const { organizationId, ...rest } = moment;
  await transaction("vault_history").insert({ id: newId(), organization_id: organizationId, ...rest });
};
