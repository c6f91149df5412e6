import type { Migration } from "./migration.ts";

/** What an organization says of itself beside its name. */
export const organizationSettings: Migration = {
  name: "0007-organization-settings",
  sql: `
ALTER TABLE organizations
  ADD COLUMN category text CHECK (length(category) <= 60),
  ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$');
`,
};
