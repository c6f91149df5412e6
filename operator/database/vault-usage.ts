/** One meter of a VaultTemplate: a statement that gives one row with one whole number. */
export interface UsageMeter {
  name: string;
  sql: string;
}

export interface VaultUsage {
  /**
   * What one vault holds of each meter, read with no more rights than the vault's own login has. Opens a session on the
   * vault's database, so it is for single vaults, when there is a reason to know.
   */
  measureUsage(vaultId: string, meters: readonly UsageMeter[]): Promise<Map<string, number>>;
}
