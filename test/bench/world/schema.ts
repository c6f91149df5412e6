/** As many tables as quality demands of the databases that are measured. */
export const tableCount = 40;

const table = (index: number): string => {
  const reference = index === 0 ? "" : ", parent_id bigint REFERENCES thing_0 (id)";
  return (
    `CREATE TABLE thing_${String(index)} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, ` +
    `changed_at timestamptz NOT NULL DEFAULT now()${reference});` +
    `CREATE INDEX thing_${String(index)}_name ON thing_${String(index)} (name)`
  );
};

/** A schema of the size of a real application's, with the version that every vault's schema has to tell. */
export const schema: string = [
  "CREATE TABLE schema_version (version integer NOT NULL, oldest_supported integer NOT NULL)",
  "INSERT INTO schema_version VALUES (1, 1)",
  ...Array.from({ length: tableCount - 1 }, (_, index) => table(index)),
].join(";\n");
