import { Redis } from "ioredis";

/** A server that vanishes takes nobody with it: whoever waits longer than this for an answer looks for another connection. */
const silenceMs = 5_000;

/** BullMQ's workers ask for work and wait up to ten seconds for some to come. */
const silenceWhileWaitingMs = 30_000;

/**
 * For commands that must not wait for Redis: they fail while it is away, and after `answerWithinMs` when it says nothing, as
 * after the loss of its machine or network, which no connection is told of.
 */
export const openRedis = (url: string, { answerWithinMs }: { answerWithinMs: number }): Redis =>
  new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: answerWithinMs,
    socketTimeout: silenceMs,
    connectTimeout: silenceMs,
  });

/** For BullMQ's workers, whose commands wait for Redis as long as it takes. */
export const openPatientRedis = (url: string): Redis =>
  new Redis(url, { maxRetriesPerRequest: null, socketTimeout: silenceWhileWaitingMs, connectTimeout: silenceMs });
