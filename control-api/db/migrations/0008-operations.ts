import type { Migration } from "./migration.ts";
import { guarded } from "./row-guard.ts";

/**
 * What the platform's staff work with: what each vault went through, why one is suspended, registrations that staff have
 * begun, and the outbox as a list. A login link keeps who asked for it, so that one visitor cannot use up all of another's.
 */
export const operations: Migration = {
  name: "0008-operations",
  sql: `
CREATE TABLE vault_history (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  at timestamptz NOT NULL,
  phase text NOT NULL,
  reason text NOT NULL,
  message text NOT NULL
);
CREATE INDEX vault_history_by_organization ON vault_history (organization_id, at DESC);
${guarded({ table: "vault_history", read: "organization_id = current_organization()", write: null, appendOnly: true })}

ALTER TABLE vaults ADD COLUMN activity_reason text NOT NULL DEFAULT '' CHECK (length(activity_reason) <= 300);
ALTER TABLE registrations ADD COLUMN invited_by uuid REFERENCES people ON DELETE SET NULL;
ALTER TABLE login_links ADD COLUMN address text NOT NULL DEFAULT '' CHECK (length(address) <= 64);
CREATE INDEX outbox_open ON outbox (created_at DESC, id DESC) WHERE done_at IS NULL;
CREATE INDEX audit_log_by_time ON audit_log (at DESC, chain DESC, number DESC);
CREATE INDEX people_staff ON people (platform_role) WHERE platform_role IS NOT NULL;
`,
};
