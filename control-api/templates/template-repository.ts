import type { Knex } from "knex";
import type { TemplateView } from "../contract/templates.ts";

type Row = { name: string; display_name: string; plans: string[] };

/** Which applications there are. As the platform: they belong to no organization. */
export const templateRepository = (database: Knex) => ({
  offered: async (): Promise<TemplateView[]> => {
    const rows = await database("templates").whereNull("withdrawn_at").orderBy("name").select<Row[]>();
    return rows.map(({ name, display_name, plans }) => ({ name, displayName: display_name, plans }));
  },
  /** Whether the registry has ever been told of one, offered still or not. */
  anyKnown: async (): Promise<boolean> => (await database("templates").first("name")) !== undefined,
  /** These are offered from now on, and no others. */
  replace: async (offered: readonly TemplateView[], at: Date): Promise<void> => {
    await database("templates")
      .whereNull("withdrawn_at")
      .whereNotIn(
        "name",
        offered.map(({ name }) => name),
      )
      .update({ withdrawn_at: at });
    if (offered.length === 0) return;
    const rows = offered.map(({ name, displayName, plans }) => ({ name, display_name: displayName, plans }));
    await database("templates")
      .insert(rows.map((row) => ({ ...row, observed_at: at, withdrawn_at: null })))
      .onConflict("name")
      .merge();
  },
});
