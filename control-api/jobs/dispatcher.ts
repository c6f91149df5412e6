import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { JobQueue } from "./job-queue.ts";
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

/** How often the outbox is looked into although nobody nudged: what Redis or a notice lost is found by it. */
const lookEveryMs = 2_000;

/** Rows per look. */
const most = 500;

/** Puts into the queue what is due. The outbox is the truth; running this twice, or after Redis lost all, does no harm. */
export const startDispatcher = ({ registry, clock, queue, onTrouble }: DispatcherDeps): Dispatcher => {
  let running: Promise<void> | undefined;
  let wanted = false;

  const look = async (): Promise<void> => {
    const due = await registry.asPlatform((transaction) => outboxRepository(transaction).due(clock.now(), most));
    await queue.put(due);
  };

  const run = async (): Promise<void> => {
    while (wanted) {
      wanted = false;
      await look().catch(onTrouble);
    }
    running = undefined;
  };

  const nudge = (): void => {
    wanted = true;
    running ??= run();
  };

  const timer = setInterval(nudge, lookEveryMs);
  nudge();
  return {
    nudge,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
