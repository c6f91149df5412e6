/** Strings and dollar quotes are data, whatever words are in them. */
const withoutStrings = (sql: string): string =>
  sql.replaceAll(/\$([a-z]*)\$[^]*?\$\1\$/g, "''").replaceAll(/'(?:[^']|'')*'/g, "''");

const verbs: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /^(CREATE|ALTER|DROP) (DATABASE|ROLE|TABLE|SCHEMA|INDEX|DEFAULT PRIVILEGES)/i,
    ([, verb, what]) => `${verb} ${what}`,
  ],
  [/^COMMENT ON (\w+)/i, ([, what]) => `COMMENT ON ${what}`],
  [/^(GRANT|REVOKE|VACUUM|COMMIT)/i, ([, verb]) => String(verb)],
  [/^INSERT INTO ([\w.]+)/i, ([, table]) => `INSERT ${table}`],
  [/^UPDATE ([\w.]+)/i, ([, table]) => `UPDATE ${table}`],
  [/^DELETE FROM ([\w.]+)/i, ([, table]) => `DELETE ${table}`],
  [/^SELECT\b[^]*pg_terminate_backend/i, () => "end sessions"],
  [/^WITH\b[^]*?INSERT INTO ([\w.]+)/i, ([, table]) => `INSERT ${table}`],
];

/**
 * What a query does to the server, in a few words that are the same in every run; null when it only reads.
 * Several statements in one round trip are one transaction and one effect.
 */
export const sqlSummary = (sql: string): string | null => {
  const done: string[] = [];
  for (const statement of withoutStrings(sql).split(";")) {
    const text = statement.trim();
    for (const [pattern, say] of verbs) {
      const found = pattern.exec(text);
      if (!found) continue;
      done.push(say(found));
      break;
    }
  }
  const different = [...new Set(done)];
  return different.length > 0 ? different.join(", ") : null;
};
