import type { Query } from "./pg-link.ts";
import { identifier, identifiers, literal, together } from "./pg-text.ts";

/**
 * Statements that run with the rights of `roles`, which the operator made but is not a member of: membership begins
 * and ends within the transaction, so that nobody ever sees it. (Staying a member of every login would make each
 * check of the operator's rights slower with every tenant.)
 */
export const asMemberOf = (roles: readonly string[], statements: readonly string[]): string[] => [
  `GRANT ${identifiers(roles)} TO CURRENT_USER`,
  ...statements,
  `REVOKE ${identifiers(roles)} FROM CURRENT_USER`,
];

/** Ends every session of these roles and waits until it has ended; roles that do not exist must not be named. */
export const endSessions = async (session: Query, roles: readonly string[]): Promise<void> => {
  if (roles.length === 0) return;
  const list = roles.map(literal).join(", ");
  const terminate = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename IN (${list})`;
  await session.query(together(asMemberOf(roles, [terminate])));
};

/**
 * Drops a database after the operator's own sessions in it have ended, such as one that a killed process left. Not WITH
 * (FORCE): that is refused while autovacuum works in the database, whereas without it PostgreSQL ends autovacuum itself.
 * A session of anybody else makes it wait five seconds and fail with 55006 (object in use).
 */
export const dropDatabase = async (session: Query, database: string): Promise<void> => {
  await session.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = ${literal(database)} AND usename = current_user AND pid <> pg_backend_pid()`,
  );
  await session.query(`DROP DATABASE IF EXISTS ${identifier(database)}`);
};
