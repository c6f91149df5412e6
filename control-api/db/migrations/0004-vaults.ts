import type { Migration } from "./migration.ts";

/** What the registry knows of each organization's vault, and what is still to be done about it. */
export const vaults: Migration = {
  name: "0004-vaults",
  sql: `
CREATE TABLE vaults (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL UNIQUE REFERENCES organizations ON DELETE CASCADE,
  tenant text NOT NULL UNIQUE,
  template text NOT NULL,
  activity text NOT NULL DEFAULT 'Running' CHECK (activity IN ('Running', 'Suspended')),
  vault_id uuid,
  phase text NOT NULL DEFAULT 'Requested',
  reason text NOT NULL DEFAULT '',
  message text NOT NULL DEFAULT '',
  url text,
  step integer,
  steps integer,
  current_step text,
  observed_at timestamptz,
  live_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX vaults_by_phase ON vaults (phase, id);

CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  subject uuid NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  done_at timestamptz,
  dead_at timestamptz
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_by_subject ON outbox (subject, created_at DESC);

CREATE TABLE idempotency_keys (
  scope text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request_hash text NOT NULL,
  status integer,
  reply jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
`,
};
