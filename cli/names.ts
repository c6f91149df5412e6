import type { DatabaseServer, RetainedVault, Tenant, VaultRelease, VaultTemplate } from "../crds/index.ts";
import { kinds, typed } from "../kube/kinds.ts";

/** Who the API server says has written a field that we wrote. */
export const fieldManager = "polyphony-cli";

export const tenants = typed<Tenant>(kinds.tenant);
export const templates = typed<VaultTemplate>(kinds.vaultTemplate);
export const releases = typed<VaultRelease>(kinds.vaultRelease);
export const servers = typed<DatabaseServer>(kinds.databaseServer);
export const retainedVaults = typed<RetainedVault>(kinds.retainedVault);

/** Labels and annotations of the contract between operator, gateway and CLI. */
export const labels = {
  vault: "polyphony.dev/vault",
  vaultId: "polyphony.dev/vault-id",
  tenant: "polyphony.dev/tenant",
  component: "app.kubernetes.io/component",
  name: "app.kubernetes.io/name",
} as const;

/** Requests to the operator: the value is the time of asking, so that each new one is one request. */
export const requests = {
  rotateDatabase: "polyphony.dev/rotate-database-requested-at",
  rotateSigning: "polyphony.dev/rotate-signing-requested-at",
  upgrade: "polyphony.dev/upgrade-requested-at",
  retry: "polyphony.dev/retry-requested-at",
} as const;

/** Answers the operator's question about a deletion: `approved` or `rejected`. */
export const deletionAnswer = "polyphony.dev/deletion";

/** The name of all that there is once in a vault's namespace. */
export const vaultName = "vault";
