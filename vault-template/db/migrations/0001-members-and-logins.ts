import type { Migration } from "./migration.ts";

const statements = [
  `CREATE TABLE members (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
     name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
     role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
     named_by_platform boolean NOT NULL DEFAULT false,
     created_at timestamptz NOT NULL,
     first_login_at timestamptz
   )`,
  // Collation C: in some locales lower('I') is not 'i', and two databases must agree on who is who.
  `CREATE UNIQUE INDEX members_email_once ON members (lower(email COLLATE "C"))`,
  `CREATE UNIQUE INDEX members_one_named_by_platform ON members (named_by_platform) WHERE named_by_platform`,
  `CREATE INDEX members_by_name ON members (lower(name), id)`,

  `CREATE TABLE login_links (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     email text NOT NULL,
     address_hash text NOT NULL,
     member_id uuid REFERENCES members ON DELETE CASCADE,
     token_hash text NOT NULL UNIQUE,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     spent_at timestamptz
   )`,
  `CREATE INDEX login_links_by_time ON login_links (created_at)`,
  `CREATE INDEX login_links_by_member ON login_links (member_id)`,

  `CREATE TABLE sessions (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     member_id uuid NOT NULL REFERENCES members ON DELETE CASCADE,
     token_hash text NOT NULL UNIQUE,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL
   )`,
  `CREATE INDEX sessions_by_member ON sessions (member_id)`,
  `CREATE INDEX sessions_by_expiry ON sessions (expires_at)`,

  `CREATE TABLE invitations (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
     role text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
     token_hash text NOT NULL UNIQUE,
     invited_by uuid REFERENCES members ON DELETE SET NULL,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     accepted_at timestamptz,
     revoked_at timestamptz
   )`,
  `CREATE UNIQUE INDEX invitations_one_open ON invitations (lower(email COLLATE "C"))
     WHERE accepted_at IS NULL AND revoked_at IS NULL`,
  `CREATE INDEX invitations_by_time ON invitations (created_at)`,
  `CREATE INDEX invitations_by_inviter ON invitations (invited_by)`,
];

export const membersAndLogins: Migration = {
  version: 1,
  name: "members and logins",
  oldestSupported: 1,
  statements,
};
