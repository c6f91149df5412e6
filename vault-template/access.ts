import type { Clock } from "./clock.ts";
import type { Access } from "./config.ts";
import type { Database } from "./db/connect.ts";

/** Whether the vault may write, as its database has it: the platform switches the login's role, and nothing restarts. */
export interface AccessView {
  readOnly(): boolean;
  /** Asks the database unless the last answer is younger than this, in ms. Never throws: what is not known stays. */
  ask(maxAgeMs: number): Promise<void>;
}

/** `start` holds until the database has answered. */
export function accessOf(database: Database, start: Access, clock: Clock): AccessView {
  let readOnly = start === "ReadOnly";
  let answeredAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    const { rows } = await database.raw<{ rows: { may: boolean }[] }>(
      "SELECT has_table_privilege('public.members', 'INSERT') AS may",
    );
    readOnly = rows[0]?.may === false;
    answeredAt = clock.now().getTime();
  };
  return {
    readOnly: () => readOnly,
    ask: async (maxAgeMs) => {
      if (clock.now().getTime() - answeredAt < maxAgeMs) return;
      // Whoever asks meanwhile waits for the same answer: a database that hangs is asked once.
      asking ??= look()
        .catch(() => undefined)
        .finally(() => (asking = null));
      await asking;
    },
  };
}
