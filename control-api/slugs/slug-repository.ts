import type { Knex } from "knex";
import { foldSlug } from "./slug-rules.ts";

export interface Claim {
  readonly slug: string;
  readonly holder: "registration" | "organization";
  readonly holderId: string;
  /** When it is free again; null: never by itself. */
  readonly expiresAt: Date | null;
}

type Row = { slug: string; folded: string; holder: string; holder_id: string; expires_at: Date | null };

/** Which slugs are spoken for. As the platform: a slug is asked for before anybody is somebody. */
export const slugRepository = (database: Knex) => {
  const table = () => database<Row>("slugs");
  return {
    /** Those of `slugs` that cannot be had, and what each stands in the way of: itself, or one that looks like it. */
    taken: async (slugs: readonly string[], now: Date): Promise<Map<string, "taken" | "confusable">> => {
      const rows = await table()
        .whereIn("folded", slugs.map(foldSlug))
        .andWhereRaw("(expires_at IS NULL OR expires_at > ?)", [now])
        .select("slug", "folded");
      const byFold = new Map(rows.map(({ slug, folded }) => [folded, slug]));
      return new Map(
        slugs.flatMap((slug) => {
          const other = byFold.get(foldSlug(slug));
          return other === undefined ? [] : [[slug, other === slug ? "taken" : "confusable"] as const];
        }),
      );
    },
    /** False when somebody else has it, or one that looks like it. What has expired is taken over. */
    claim: async ({ slug, holder, holderId, expiresAt }: Claim, now: Date): Promise<boolean> => {
      await table().where("folded", foldSlug(slug)).andWhere("expires_at", "<=", now).delete();
      const made = await table()
        .insert({ slug, folded: foldSlug(slug), holder, holder_id: holderId, expires_at: expiresAt })
        .onConflict()
        .ignore()
        .returning("slug");
      return made.length === 1;
    },
    /** An organization takes over what its registration held. */
    handOver: async (slug: string, from: string, to: string): Promise<void> => {
      const changed = await table()
        .where({ slug, holder: "registration", holder_id: from })
        .update({ holder: "organization", holder_id: to, expires_at: null });
      if (changed !== 1) throw new Error(`The slug "${slug}" is not held by the registration ${from}.`);
    },
  };
};
