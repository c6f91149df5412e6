import type { Migration } from "./migration.ts";
import { platformOnly } from "./row-guard.ts";

/**
 * What the OpenID provider keeps: its signing keys, its codes and tokens, all sealed and found by keyed hashes; and by
 * which public keys (Ed25519, base64url) a vault proves itself.
 */
export const identity: Migration = {
  name: "0010-identity",
  sql: `
CREATE TABLE oidc_keys (
  id uuid PRIMARY KEY,
  sealed text NOT NULL,
  signs_from timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE oidc_records (
  kind text NOT NULL,
  id_hash text NOT NULL,
  sealed text NOT NULL,
  grant_hash text,
  user_code_hash text,
  uid_hash text,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz,
  PRIMARY KEY (kind, id_hash)
);
CREATE INDEX oidc_records_by_grant ON oidc_records (grant_hash) WHERE grant_hash IS NOT NULL;
CREATE UNIQUE INDEX oidc_records_by_user_code ON oidc_records (user_code_hash) WHERE user_code_hash IS NOT NULL;
CREATE INDEX oidc_records_by_uid ON oidc_records (uid_hash) WHERE uid_hash IS NOT NULL;
CREATE INDEX oidc_records_by_end ON oidc_records (expires_at);

ALTER TABLE vaults ADD COLUMN client_keys text[];
CREATE INDEX vaults_by_vault_id ON vaults (vault_id) WHERE vault_id IS NOT NULL;
${platformOnly("oidc_keys")}
${platformOnly("oidc_records")}`,
};
