import type { Migration } from "./migration.ts";

/** What `kubectl get tenants` shows of a vault beside its phase: whether it is ready, and which release runs. */
export const vaultRelease: Migration = {
  name: "0011-vault-release",
  sql: `
ALTER TABLE vaults
  ADD COLUMN ready boolean NOT NULL DEFAULT false,
  ADD COLUMN release text CHECK (length(release) <= 40);
`,
};
