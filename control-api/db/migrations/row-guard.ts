/** What `registry_app` may see and write of one table: `read` holds for what is there, `write` for what is to be. */
export interface RowRule {
  readonly table: string;
  readonly read: string;
  /** null: nothing is written by it. */
  readonly write: string | null;
  /** Rows are added and read, never changed or removed, by whomever. */
  readonly appendOnly?: boolean;
}

/** SQL that forces row-level security on a table and lets only `registry_platform` in. */
export const platformOnly = (table: string, { appendOnly = false } = {}): string => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON ${table} TO registry_platform USING (true) WITH CHECK (true);
GRANT ${appendOnly ? "SELECT, INSERT" : "SELECT, INSERT, UPDATE, DELETE"} ON ${table} TO registry_platform;`;

const written = (table: string, check: string, appendOnly: boolean): string => {
  const insert = `CREATE POLICY app_adds ON ${table} FOR INSERT TO registry_app WITH CHECK (${check});
GRANT INSERT ON ${table} TO registry_app;`;
  if (appendOnly) return insert;
  return `${insert}
CREATE POLICY app_changes ON ${table} FOR UPDATE TO registry_app USING (${check}) WITH CHECK (${check});
CREATE POLICY app_removes ON ${table} FOR DELETE TO registry_app USING (${check});
GRANT UPDATE, DELETE ON ${table} TO registry_app;`;
};

/** SQL that forces row-level security on a table, for the platform's account and, by its rule, for the API's. */
export const guarded = ({
  table,
  read,
  write,
  appendOnly = false,
}: RowRule): string => `${platformOnly(table, { appendOnly })}
CREATE POLICY app_reads ON ${table} FOR SELECT TO registry_app USING (${read});
GRANT SELECT ON ${table} TO registry_app;
${write === null ? "" : written(table, write, appendOnly)}`;
