import type { Migration } from "./migration.ts";

/** A login link that comes with a mail which nobody asked for in a browser: there is none to bind it to, and no code to type. */
export const welcomeLinks: Migration = {
  name: "0012-welcome-links",
  sql: `
ALTER TABLE login_links
  ALTER COLUMN browser_hash DROP NOT NULL,
  ALTER COLUMN code_hash DROP NOT NULL,
  ADD CONSTRAINT login_links_bound CHECK ((browser_hash IS NULL) = (code_hash IS NULL));
`,
};
