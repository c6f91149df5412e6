import { z } from "zod";

/** What a worker said of one database. */
export interface MigrationResult {
  id: string;
  ok: boolean;
  error: string | null;
}

const Line = z.object({
  id: z.string(),
  ok: z.boolean(),
  error: z.string().optional(),
  notStarted: z.boolean().optional(),
});

/**
 * The verdicts in a worker's log, by database. One that it did not come to has none, and whatever else it wrote is
 * passed over, also a line that was cut off.
 */
export const resultsOf = (log: string): Map<string, MigrationResult> => {
  const results = new Map<string, MigrationResult>();
  for (const text of log.split("\n")) {
    if (!text.startsWith("{")) continue;
    try {
      const { id, ok, error, notStarted } = Line.parse(JSON.parse(text));
      if (!notStarted) results.set(id, { id, ok, error: error ?? null });
    } catch {
      // Not a result.
    }
  }
  return results;
};
