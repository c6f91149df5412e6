/** One column of a table, as PostgreSQL's catalog has it. */
export interface CatalogColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly key: "PK" | "UK" | null;
  /** No two rows have the same value in this column alone. */
  readonly unique: boolean;
  /** Table that it refers to. */
  readonly refersTo: string | null;
}

/** Reads every column of the schema `registry`, with keys and references. */
export const catalogQuery = `
SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
  CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)) THEN 'PK'
    WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'u' AND k.conkey = ARRAY[a.attnum]) THEN 'UK' END AS key,
  EXISTS (SELECT FROM pg_constraint k
    WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u') AND k.conkey = ARRAY[a.attnum]) AS "unique",
  (SELECT f.confrelid::regclass::text FROM pg_constraint f
    WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]) AS "refersTo"
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'migrations%'
ORDER BY c.relname, a.attnum`;

const shortType = (type: string): string =>
  type.replace("timestamp with time zone", "timestamptz").replace("character varying", "varchar").replaceAll(" ", "_");

const bare = (name: string): string => name.replace(/^registry\./, "");

const entity = (table: string, columns: readonly CatalogColumn[]): string => {
  const lines = columns.map(({ column, type, key, refersTo, notNull }) => {
    const keys = [...(key ? [key] : []), ...(refersTo ? ["FK"] : [])].join(", ");
    // Mermaid has no brackets in types: text[] is an array of text.
    return `    ${shortType(type).replace("[]", "_array")} ${column}${keys && ` ${keys}`}${notNull ? "" : ' "may be empty"'}`;
  });
  return `  ${table} {\n${lines.join("\n")}\n  }`;
};

const relation = ({ table, column, refersTo, notNull, unique }: CatalogColumn): string => {
  const one = notNull ? "||" : "|o";
  const many = unique ? "o|" : "o{";
  return `  ${bare(refersTo ?? "")} ${one}--${many} ${table} : "${column}"`;
};

/** docs/registry.md as text. Pure. */
export const registryReference = (columns: readonly CatalogColumn[]): string => {
  const tables = [...new Set(columns.map(({ table }) => table))];
  const entities = tables.map((table) =>
    entity(
      table,
      columns.filter((one) => one.table === table),
    ),
  );
  const relations = columns.filter(({ refersTo }) => refersTo !== null).map(relation);
  return `<!-- Generated from the catalog of a migrated registry: UPDATE_GOLDEN=1 and test/integration/registry-reference.test.ts. -->

# The registry database

Every table of it but knex's own. Row-level security is forced on each that holds an organization's or a person's data; who
may see what stands in control-api/db/migrations, and why in [decision 19](decisions/0019-registry.md). Ids are UUIDv7; people and
programs see them with a prefix, as \`org_…\`.

\`\`\`mermaid
erDiagram
${relations.join("\n")}
${entities.join("\n")}
\`\`\`
`;
};
