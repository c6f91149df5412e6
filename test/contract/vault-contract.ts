import type { ContractGround } from "./vault-target.ts";
import { databaseContract } from "./database-contract.ts";
import { environmentContract } from "./environment-contract.ts";
import { registryContract } from "./registry-contract.ts";
import { serveContract } from "./serve-contract.ts";
import { settingsContract } from "./settings-contract.ts";
import { stopContract } from "./stop-contract.ts";

/**
 * Registers the tests of docs/vault-contract.md for one application. `ground` is asked for after the caller's own
 * beforeAll hooks have run.
 */
export function vaultContract(ground: () => ContractGround): void {
  environmentContract(ground);
  databaseContract(ground);
  serveContract(ground);
  registryContract(ground);
  settingsContract(ground);
  stopContract(ground);
}
