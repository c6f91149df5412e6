import type { Migration } from "./migration.ts";

/** People, how they log in, and where they are logged in. Tokens are kept as keyed hashes only. */
export const people: Migration = {
  name: "0001-people",
  sql: `
CREATE TABLE people (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (length(email) <= 254),
  email_key text NOT NULL UNIQUE CHECK (email_key = lower(email)),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'nb')),
  platform_role text CHECK (platform_role IN ('admin', 'support')),
  created_at timestamptz NOT NULL,
  last_login_at timestamptz
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  token_hash text NOT NULL UNIQUE,
  user_agent text NOT NULL CHECK (length(user_agent) <= 400),
  address text NOT NULL CHECK (length(address) <= 64),
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_person ON sessions (person_id, last_seen_at DESC) WHERE revoked_at IS NULL;

CREATE TABLE login_links (
  id uuid PRIMARY KEY,
  email_key text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  browser_hash text NOT NULL,
  code_hash text NOT NULL,
  wrong_codes integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX login_links_by_email ON login_links (email_key, created_at DESC);
`,
};
