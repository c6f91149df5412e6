import type { TemplateView } from "../contract/templates.ts";
import type { Transaction } from "../db/registry-database.ts";

/** A VaultTemplate as the cluster has it now; `published` is null once it is gone. */
export interface SeenTemplate {
  readonly name: string;
  readonly published: Pick<TemplateView, "displayName" | "plans"> | null;
}

type Row = { name: string; display_name: string; plans: string[] };

/** Which applications there are. As the platform: they belong to no organization. */
export const templateRepository = (transaction: Transaction) => ({
  offered: async (): Promise<TemplateView[]> => {
    const rows = await transaction("templates").whereNull("withdrawn_at").orderBy("name").select<Row[]>();
    return rows.map(({ name, display_name, plans }) => ({ name, displayName: display_name, plans }));
  },
  observe: async ({ name, published }: SeenTemplate, at: Date): Promise<void> => {
    if (!published) {
      await transaction("templates").where({ name }).update({ withdrawn_at: at });
      return;
    }
    const { displayName, plans } = published;
    await transaction("templates")
      .insert({ name, display_name: displayName, plans: [...plans], observed_at: at, withdrawn_at: null })
      .onConflict("name")
      .merge();
  },
});
