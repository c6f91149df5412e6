import pg from "pg";

/** A name as SQL writes it, always quoted. */
export const identifier = (name: string): string => pg.escapeIdentifier(name);

export const literal = (text: string): string => pg.escapeLiteral(text);

/** Names as a list. */
export const identifiers = (names: readonly string[]): string => names.map(identifier).join(", ");

/** Several statements in one round trip, which PostgreSQL runs as one transaction. */
export const together = (statements: readonly string[]): string => statements.join(";\n");
