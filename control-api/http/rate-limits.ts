import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import type { Limit } from "../contract/route-contract.ts";
import { tooMany } from "../errors.ts";

/** Points per span of seconds, for one address or one account. */
const allowed: Record<Limit, { points: number; duration: number }> = {
  read: { points: 600, duration: 60 },
  write: { points: 120, duration: 60 },
  mail: { points: 20, duration: 3600 },
  guess: { points: 30, duration: 600 },
};

/** What is left after a take. */
export interface Taken {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly windowSeconds: number;
}

export interface RateLimits {
  /** Takes one from the budget of `key`. Throws 429 with the time to wait when it is used up. */
  take(limit: Limit, key: string): Promise<Taken>;
}

/** `factor` widens every limit, for load tests. Counts in Redis, shared by all replicas; in this process's memory while Redis is away. */
export const createRateLimits = (redis: Redis | null, factor: number): RateLimits => {
  const limiters = new Map<Limit, RateLimiterAbstract>();
  for (const [name, { points, duration }] of Object.entries(allowed)) {
    const options = { keyPrefix: `limit:${name}`, points: points * factor, duration };
    const memory = new RateLimiterMemory(options);
    const shared = redis && new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory });
    limiters.set(name as Limit, shared ?? memory);
  }
  return {
    take: async (limit, key) => {
      const limiter = limiters.get(limit);
      if (!limiter) throw new Error(`There is no limit "${limit}".`);
      try {
        const { remainingPoints, msBeforeNext } = await limiter.consume(key);
        return {
          limit: limiter.points,
          remaining: remainingPoints,
          resetSeconds: Math.ceil(msBeforeNext / 1000),
          windowSeconds: allowed[limit].duration,
        };
      } catch (error) {
        if (error instanceof RateLimiterRes) throw tooMany(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
        throw error;
      }
    },
  };
};
