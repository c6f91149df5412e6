import type { ChainedEntry } from "./audit-repository.ts";

export type ExportFormat = "ndjson" | "csv";

const columns: Record<string, (entry: ChainedEntry) => string | number> = {
  at: ({ at }) => at,
  organization: ({ organization }) => organization?.slug ?? "",
  number: ({ number }) => number,
  actor: ({ actor }) => actor.id ?? actor.kind,
  actor_name: ({ actor }) => actor.name ?? "",
  action: ({ action }) => action,
  subject: ({ subject }) => subject,
  detail: ({ detail }) => JSON.stringify(detail),
  request_id: ({ requestId }) => requestId,
  chain: ({ chain }) => chain,
  previous_hash: ({ previousHash }) => previousHash,
  hash: ({ hash }) => hash,
};

/** One field of RFC 4180. What a spreadsheet would take for a formula is led by an apostrophe: names are anybody's. */
const field = (value: string | number): string => {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const csvLine = (fields: readonly (string | number)[]): string => `${fields.map(field).join(",")}\r\n`;

/** The lines before the first entry. Pure. */
export const exportHead = (format: ExportFormat): string => (format === "csv" ? csvLine(Object.keys(columns)) : "");

/** One entry as a line of the file. Pure. */
export const exportLine = (entry: ChainedEntry, format: ExportFormat): string =>
  format === "csv" ? csvLine(Object.values(columns).map((read) => read(entry))) : `${JSON.stringify(entry)}\n`;
