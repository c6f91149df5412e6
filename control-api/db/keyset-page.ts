import { z } from "zod";
import { problem } from "../errors.ts";

/** How the value of each kind of column stands in a cursor. Times have whole milliseconds, as the application's clock has. */
const values = { timestamptz: z.iso.datetime(), uuid: z.uuid(), bigint: z.string().regex(/^\d{1,18}$/) } as const;

/** Columns that together tell every row from every other: what a list is ordered by. Each with its table and kind. */
export type Keyset = readonly (readonly [column: `${string}.${string}`, kind: keyof typeof values])[];

export interface PageAsked {
  /** Most rows of the page. */
  readonly limit: number;
  /** `next` of the page before; none for the first. */
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Where the next page begins, in a form that nobody needs to read; null on the last one. */
  readonly next: string | null;
}

/** A query that selects rows, as knex builds it. */
interface Listing<Row> extends PromiseLike<Row[]> {
  orderBy(columns: { column: string; order: "desc" }[]): unknown;
  whereRaw(sql: string, values: string[]): unknown;
  limit(most: number): unknown;
}

const cursorAfter = (row: object, keyset: Keyset): string => {
  const byName = new Map(Object.entries(row));
  const key = keyset.map(([column]) => byName.get(column.slice(column.indexOf(".") + 1)) as unknown);
  return Buffer.from(JSON.stringify(key)).toString("base64url");
};

const readCursor = (cursor: string, keyset: Keyset): string[] => {
  try {
    const key = z
      .array(z.string())
      .length(keyset.length)
      .parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return keyset.map(([, kind], index) => values[kind].parse(key[index]));
  } catch {
    throw problem("invalid-cursor", "Send as cursor what stood in `next` of the page before.");
  }
};

/**
 * One page of what `query` finds, in falling order of `keyset`, whose columns it must select under their own names. A row that
 * comes or goes between two pages moves no other. Throws 400 for what is no cursor of ours.
 */
export const keysetPage = async <Row extends object>(
  query: Listing<Row>,
  keyset: Keyset,
  { limit, cursor }: PageAsked,
): Promise<Page<Row>> => {
  const columns = keyset.map(([column]) => column);
  query.orderBy(columns.map((column) => ({ column, order: "desc" })));
  query.limit(limit + 1);
  if (cursor !== undefined) {
    const given = keyset.map(([, kind]) => `?::${kind}`).join(", ");
    query.whereRaw(`(${columns.join(", ")}) < (${given})`, readCursor(cursor, keyset));
  }
  const found = await query;
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last ? cursorAfter(last, keyset) : null };
};
