import type { Migration } from "./migration.ts";
import { platformOnly } from "./row-guard.ts";

/** The applications that can be registered for, as their VaultTemplates say. */
export const templates: Migration = {
  name: "0009-templates",
  sql: `
CREATE TABLE templates (
  name text PRIMARY KEY,
  display_name text NOT NULL,
  plans text[] NOT NULL,
  observed_at timestamptz NOT NULL,
  withdrawn_at timestamptz
);
${platformOnly("templates")}
`,
};
