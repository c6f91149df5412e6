import { type Clock, later, minute, second } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { OutboxKind } from "./outbox.ts";
import { type OutboxRow, outboxRepository } from "./outbox-repository.ts";

/** Does one kind of work. Safe to run twice; throws what stands in the way. */
export type Handler = (row: OutboxRow) => Promise<void>;

/** Nothing that time would heal: the row is put aside with the reason, for staff to look at. */
export class HopelessError extends Error {
  override name = "HopelessError";
}

export interface WorkOutboxDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly handlers: Record<OutboxKind, Handler>;
  readonly onFailure: (row: OutboxRow, error: unknown, fate: "postponed" | "buried") => void;
}

/** How long a worker may take before another may begin the same row. */
const takenForMs = 2 * minute;

const longestWaitMs = 15 * minute;

/** Given up after about three days of trying. */
export const mostAttempts = 300;

/** 1 s, 2 s, 4 s … at most a quarter of an hour. Pure. */
export const waitBeforeRetryMs = (attempts: number): number =>
  Math.min(second * 2 ** Math.min(attempts - 1, 12), longestWaitMs);

/** Works off one row of the outbox; nothing happens when it is done, or another worker has it. */
export const workOutbox =
  ({ registry, clock, handlers, onFailure }: WorkOutboxDeps) =>
  async (id: string): Promise<void> => {
    const now = clock.now();
    const row = await registry.queryAsPlatform((database) =>
      outboxRepository(database).begin(id, now, later(now, takenForMs)),
    );
    if (!row) return;
    try {
      await handlers[row.kind](row);
      await registry.queryAsPlatform((database) => outboxRepository(database).finish(row, clock.now()));
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 1000);
      const hopeless = error instanceof HopelessError || row.attempts >= mostAttempts;
      await registry.queryAsPlatform((database) => {
        const rows = outboxRepository(database);
        if (hopeless) return rows.bury(row, clock.now(), reason);
        return rows.postpone(row, later(clock.now(), waitBeforeRetryMs(row.attempts)), reason);
      });
      onFailure(row, error, hopeless ? "buried" : "postponed");
    }
  };
