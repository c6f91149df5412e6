import type { Migration } from "./migration.ts";

/**
 * Organizations, their members and how they come to be. Every slug that is spoken for stands in `slugs`, whoever holds
 * it (the platform itself, an unproven registration, an organization): its primary key decides who was first, and
 * `folded` refuses what a person would mistake for it.
 */
export const organizations: Migration = {
  name: "0002-organizations",
  sql: `
CREATE TABLE slugs (
  slug text PRIMARY KEY CHECK (slug ~ '^[a-z][a-z0-9-]{0,38}[a-z0-9]$' AND slug !~ '--'),
  folded text NOT NULL UNIQUE,
  holder text NOT NULL CHECK (holder IN ('registration', 'organization')),
  holder_id uuid NOT NULL,
  expires_at timestamptz
);
CREATE INDEX slugs_by_holder ON slugs (holder_id);

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  type text NOT NULL CHECK (type IN ('umbrella', 'collective')),
  slug text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  contact_email text NOT NULL CHECK (length(contact_email) <= 254),
  template text NOT NULL,
  locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'nb')),
  legal_name text CHECK (length(legal_name) <= 200),
  time_zone text NOT NULL DEFAULT 'UTC',
  approval text NOT NULL DEFAULT 'pending' CHECK (approval IN ('pending', 'approved', 'rejected')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE UNIQUE INDEX organizations_open_slug ON organizations (slug) WHERE closed_at IS NULL;
CREATE INDEX organizations_by_name ON organizations (lower(name), id);
CREATE INDEX organizations_waiting ON organizations (created_at) WHERE approval = 'pending' AND closed_at IS NULL;

CREATE TABLE organization_members (
  organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX organization_members_by_person ON organization_members (person_id);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  email text NOT NULL CHECK (length(email) <= 254),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  token_hash text NOT NULL UNIQUE,
  invited_by uuid REFERENCES people ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX invitations_by_organization ON invitations (organization_id, created_at DESC);
CREATE UNIQUE INDEX invitations_open ON invitations (organization_id, lower(email))
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE registrations (
  id uuid PRIMARY KEY,
  template text NOT NULL,
  type text NOT NULL CHECK (type IN ('umbrella', 'collective')),
  slug text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  contact_name text NOT NULL CHECK (length(contact_name) BETWEEN 1 AND 200),
  contact_email text NOT NULL CHECK (length(contact_email) <= 254),
  locale text NOT NULL CHECK (locale IN ('en', 'nb')),
  umbrella_slug text,
  affiliation_invitation text,
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  proven_at timestamptz,
  organization_id uuid REFERENCES organizations ON DELETE SET NULL
);
CREATE INDEX registrations_unproven ON registrations (expires_at) WHERE proven_at IS NULL;

CREATE TABLE subscriptions (
  organization_id uuid PRIMARY KEY REFERENCES organizations ON DELETE CASCADE,
  plan text NOT NULL,
  status text NOT NULL CHECK (status IN ('trialing', 'active', 'past_due', 'canceled', 'unpaid')),
  trial_ends_at timestamptz,
  created_at timestamptz NOT NULL
);
`,
};
