import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createJobQueue, type JobQueue } from "../../control-api/jobs/job-queue.ts";
import { eventually } from "../harness/eventually.ts";
import { startRedis, type RedisServer } from "../harness/redis.ts";

let redis: RedisServer;
let queue: JobQueue | undefined;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await queue?.close();
  await redis.stop();
});

describe("fault 24: the queue", () => {
  it("works as soon as Redis is there, though it began without, and refuses at once until then", async () => {
    await redis.kill();
    const done: string[] = [];
    const work = (id: string): Promise<void> => {
      done.push(id);
      return Promise.resolve();
    };
    queue = createJobQueue({ redisUrl: redis.url, work, concurrency: 2, onTrouble: () => undefined });
    const put = async () => queue?.put([{ id: "first", attempts: 1 }]);
    await expect(put()).rejects.toThrow("Redis is away");
    await redis.start();
    await eventually("the queue takes it", () => put().then(() => true));
    await eventually("it is worked on", () => Promise.resolve(done.includes("first")));
  });
});
