import { Queue, Worker } from "bullmq";
import { openPatientRedis, openRedis } from "../gateways/open-redis.ts";

export interface Due {
  readonly id: string;
  readonly attempts: number;
}

/**
 * The queue between whoever notices work and the workers that do it. It holds ids and nothing else, and may lose them all:
 * what is due stands in the outbox.
 */
export interface JobQueue {
  /** Puts them in line; what is in line already stays there once. */
  put(due: readonly Due[]): Promise<void>;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  readonly redisUrl: string;
  readonly work: (id: string) => Promise<void>;
  readonly concurrency: number;
  readonly onTrouble: (error: Error) => void;
}

const name = "polyphony-outbox";

export const createJobQueue = ({ redisUrl, work, concurrency, onTrouble }: JobQueueOptions): JobQueue => {
  // BullMQ's own demand: commands of a worker wait for Redis as long as it takes. Those of the queue must not.
  const forWorker = openPatientRedis(redisUrl);
  // Not lazily connected: BullMQ would ask once, and keep a refusal for good.
  const forQueue = openRedis(redisUrl, { answerWithinMs: 5_000 });
  const queue = new Queue<{ id: string }>(name, { connection: forQueue });
  const worker = new Worker<{ id: string }>(name, ({ data }) => work(data.id), { connection: forWorker, concurrency });
  for (const connection of [forWorker, forQueue]) connection.on("error", onTrouble);
  queue.on("error", onTrouble);
  worker.on("error", onTrouble);
  return {
    put: async (due) => {
      if (due.length === 0) return;
      if (forQueue.status !== "ready") throw new Error("Redis is away; what is due waits in the outbox.");
      const options = { removeOnComplete: true, removeOnFail: true };
      // Named by its attempt: a row that is to be tried again is another job than the one before.
      await queue.addBulk(
        due.map(({ id, attempts }) => ({
          name,
          data: { id },
          opts: { ...options, jobId: `${id}.${String(attempts)}` },
        })),
      );
    },
    close: async () => {
      await worker.close();
      await queue.close();
      forQueue.disconnect();
      forWorker.disconnect();
    },
  };
};
