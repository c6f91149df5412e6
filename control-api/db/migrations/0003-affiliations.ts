import type { Migration } from "./migration.ts";

/** Which collective belongs to which umbrella, how it came to it, and all that ever happened between the two. */
export const affiliations: Migration = {
  name: "0003-affiliations",
  sql: `
CREATE TABLE affiliations (
  id uuid PRIMARY KEY,
  umbrella_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  collective_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  UNIQUE (umbrella_id, collective_id),
  CHECK (umbrella_id <> collective_id)
);
CREATE INDEX affiliations_by_collective ON affiliations (collective_id);

CREATE TABLE affiliation_requests (
  id uuid PRIMARY KEY,
  umbrella_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  collective_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
  message text NOT NULL DEFAULT '' CHECK (length(message) <= 1000),
  requested_by uuid REFERENCES people ON DELETE SET NULL,
  requested_at timestamptz NOT NULL,
  responded_by uuid REFERENCES people ON DELETE SET NULL,
  responded_at timestamptz,
  response text NOT NULL DEFAULT '' CHECK (length(response) <= 1000),
  CHECK ((status = 'pending') = (responded_at IS NULL))
);
CREATE UNIQUE INDEX affiliation_requests_pending ON affiliation_requests (umbrella_id, collective_id)
  WHERE status = 'pending';
CREATE INDEX affiliation_requests_by_umbrella ON affiliation_requests (umbrella_id, requested_at DESC);
CREATE INDEX affiliation_requests_by_collective ON affiliation_requests (collective_id, requested_at DESC);

CREATE TABLE affiliation_invitations (
  id uuid PRIMARY KEY,
  umbrella_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  token_hash text NOT NULL UNIQUE,
  label text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
  most_uses integer CHECK (most_uses > 0),
  uses integer NOT NULL DEFAULT 0,
  created_by uuid REFERENCES people ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CHECK (most_uses IS NULL OR uses <= most_uses)
);
CREATE INDEX affiliation_invitations_by_umbrella ON affiliation_invitations (umbrella_id, created_at DESC);

CREATE TABLE affiliation_history (
  id uuid PRIMARY KEY,
  umbrella_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  collective_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  event text NOT NULL CHECK (event IN ('requested', 'approved', 'rejected', 'withdrawn', 'joined', 'left', 'removed')),
  person_id uuid REFERENCES people ON DELETE SET NULL,
  at timestamptz NOT NULL
);
CREATE INDEX affiliation_history_by_umbrella ON affiliation_history (umbrella_id, at DESC);
CREATE INDEX affiliation_history_by_collective ON affiliation_history (collective_id, at DESC);
`,
};
