import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "./connect.ts";

/** Codes that say "not there yet": a name or port without anybody behind it, and a server that is starting or stopping. */
const notYet = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ETIMEDOUT", "57P03"]);

const isNotYet = (error: unknown): boolean => {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return notYet.has(code) || /timeout|terminated unexpectedly/i.test(message);
};

/**
 * Resolves once a database server answers, which in a new installation starts beside us. A login that is refused is an
 * answer: it is thrown at once, as is the last error when `patienceMs` is over.
 */
export const untilDatabaseAnswers = async (url: string, patienceMs = 180_000): Promise<void> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    const knex = connect({ url, name: "polyphony waits for the database", max: 1 });
    try {
      await knex.raw("SELECT 1");
      return;
    } catch (error) {
      if (!isNotYet(error) || performance.now() > end) throw error;
    } finally {
      await knex.destroy();
    }
    await sleep(500);
  }
};
