import type { LoginSlot } from "./tenant-database.ts";

/** One meter of a VaultTemplate: a statement that gives one row with one whole number. */
export interface UsageMeter {
  name: string;
  sql: string;
}

/** The vault's own login that is in force. */
export interface UsageLogin {
  slot: LoginSlot;
  password: string;
}

export interface VaultUsage {
  /**
   * What one vault holds of each meter, read in a session of the vault's own login: whatever a release has planted behind
   * a meter has the vault's rights there, and no way to the operator's. For single vaults, when there is a reason to know.
   */
  measureUsage(vaultId: string, login: UsageLogin, meters: readonly UsageMeter[]): Promise<Map<string, number>>;
}
