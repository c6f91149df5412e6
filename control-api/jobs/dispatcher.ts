import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { Due, JobQueue } from "./job-queue.ts";
import { outboxRepository } from "./outbox-repository.ts";

export interface DispatcherDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly queue: Pick<JobQueue, "put">;
  readonly onTrouble: (error: unknown) => void;
}

export interface Dispatcher {
  /** Looks into the outbox soon: something may have come. */
  readonly nudge: () => void;
  stop(): Promise<void>;
}

/** How often all that is due is put in line, although nobody nudged: what Redis or a notice lost is found by it. */
const putAllEveryMs = 2_000;

/** Rows per look. */
const most = 500;

const nameOf = ({ id, attempts }: Due): string => `${id}.${String(attempts)}`;

/** Puts into the queue what is due. The outbox is the truth; running this twice, or after Redis lost all, does no harm. */
export const startDispatcher = ({ registry, clock, queue, onTrouble }: DispatcherDeps): Dispatcher => {
  let running: Promise<void> | undefined;
  let wanted: "new" | "all" | null = null;
  // What the last look put in line, or found there: in a burst a nudge comes with every row, and most rows are known.
  let inLine = new Set<string>();

  const look = async (which: "new" | "all"): Promise<void> => {
    const known = which === "all" ? new Set<string>() : inLine;
    inLine = new Set();
    const due = await registry.queryAsPlatform((database) => outboxRepository(database).due(clock.now(), most));
    await queue.put(due.filter((row) => !known.has(nameOf(row))));
    inLine = new Set(due.map(nameOf));
  };

  const run = async (): Promise<void> => {
    for (let which = wanted; which; which = wanted) {
      wanted = null;
      await look(which).catch(onTrouble);
    }
    running = undefined;
  };

  const begin = (): void => {
    running ??= run();
  };
  const nudge = (): void => {
    wanted ??= "new";
    begin();
  };
  const putAll = (): void => {
    wanted = "all";
    begin();
  };

  const timer = setInterval(putAll, putAllEveryMs);
  putAll();
  return {
    nudge,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
