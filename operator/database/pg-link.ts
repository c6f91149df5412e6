import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { FencedError } from "./errors.ts";
import { createSemaphore } from "./semaphore.ts";
import { controlDatabase } from "./names.ts";
import { codeOf, translateError } from "./pg-errors.ts";
import { readerConfig, sessionConfig, type SessionOwner, type VaultLogin } from "./pg-session.ts";
import type { EffectName, ServerConnection } from "./tenant-database.ts";

/** Told before and after every effect: for metrics, and for tests that cut the work off at any point. */
export type EffectObserver = (effect: EffectName, phase: "before" | "after", server: string) => void | Promise<void>;

export interface PgLinkOptions {
  name: string;
  connection: ServerConnection;
  owner: SessionOwner;
  /** Effects in flight on this server. */
  maxInFlight: number;
  onEffect?: EffectObserver | undefined;
  onFenced?: ((error: FencedError) => void) | undefined;
}

export type Query = Pick<pg.ClientBase, "query">;

/** The connections to one server: a pool on the control database, and single sessions elsewhere. */
export interface PgLink extends PgLinkOptions {
  /** Reads over a session whose epoch was verified. Errors come translated. */
  read<R>(work: (session: Query) => Promise<R>): Promise<R>;
  /** Reads in another database, over a session of its own. */
  readIn<R>(database: string, work: (session: Query) => Promise<R>): Promise<R>;
  /** One effect: bounded in flight, observed, over a session whose epoch was verified. */
  effect<R>(name: EffectName, work: (session: Query) => Promise<R>): Promise<R>;
  /** One effect in another database: a session of its own, opened after the epoch was verified again. */
  effectIn<R>(name: EffectName, database: string, work: (session: Query) => Promise<R>): Promise<R>;
  /** A session of a vault's own login that can only read, opened after our epoch was verified. */
  readAs<R>(name: EffectName, login: VaultLogin, work: (session: Query) => Promise<R>): Promise<R>;
  /**
   * Work with a membership that is begun and ended for it (`asMemberOf`), in a role that several share, such as a
   * template's owner: one at a time, or the end of one would be the end of another's.
   */
  sharing<R>(work: () => Promise<R>): Promise<R>;
  /** A session on the URL's own database, before there is a control database; the epoch is not verified. */
  outside<R>(work: (session: Query) => Promise<R>): Promise<R>;
  /** A session on the control database without verification, to prepare and to raise the fence. */
  unfenced<R>(work: (session: Query) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** Throws FencedError when a newer epoch is on record, or when ours was never put there. */
const verifyEpoch = async (session: Query, { name, owner }: PgLinkOptions): Promise<void> => {
  const { rows } = await session.query<{ epoch: string }>("SELECT epoch FROM polyphony.fence WHERE instance = $1", [
    owner.instance,
  ]);
  const epoch = Number(rows[0]?.epoch ?? 0);
  if (epoch !== owner.epoch) throw new FencedError(name, epoch);
};

/** A frozen server never answers a good-bye; it is not waited for. */
const politely = async (ending: Promise<unknown>): Promise<void> => {
  await Promise.race([ending.catch(() => undefined), setTimeout(2_000, undefined, { ref: false })]);
};

const withClient = async <R>(config: pg.ClientConfig, work: (session: Query) => Promise<R>): Promise<R> => {
  const client = new pg.Client(config);
  // Without a listener, a connection that breaks between two queries would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await politely(client.end());
  }
};

/** Reading takes this long at most; a server that is frozen is found out by it. */
const readWithinMs = 20_000;

/** The same session, in which each statement is given up after this time. */
const within = (session: Query, ms: number): Query => {
  const query = (statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> => {
    const config: pg.QueryConfig & { query_timeout: number } = {
      ...(typeof statement === "string" ? { text: statement } : statement),
      ...(values ? { values } : {}),
      query_timeout: ms,
    };
    return session.query(config);
  };
  return { query: query as Query["query"] };
};

/**
 * Whether a session can be handed on after an error: a refused statement may have left a transaction open, which is
 * ended; whatever else happened, nobody knows what the session still does, so it is closed.
 */
const isClean = (session: Query, error: unknown): Promise<boolean> => {
  const refused = /^(?!08|57)[0-9A-Z]{5}$/.test(codeOf(error) ?? "");
  if (!refused) return Promise.resolve(false);
  return within(session, 5_000)
    .query("ROLLBACK")
    .then(
      () => true,
      () => false,
    );
};

export const createPgLink = (options: PgLinkOptions): PgLink => {
  const { name, connection, owner, onEffect } = options;
  const configOf = (database?: string) => sessionConfig(name, connection, owner, database);
  const pool = new pg.Pool({
    ...configOf(controlDatabase),
    max: options.maxInFlight + 2,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
  });
  pool.on("error", () => undefined);
  // The pool listens only while a session is idle. One that breaks while it is lent out says so to whoever uses it next.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const verified = new WeakSet<pg.PoolClient>();
  const inFlight = createSemaphore(options.maxInFlight);

  const translated = async <R>(work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      const ours = translateError(error, name);
      if (ours instanceof FencedError) options.onFenced?.(ours);
      throw ours;
    }
  };

  const pooled = async <R>(work: (session: Query) => Promise<R>, verify: boolean): Promise<R> => {
    const client = await pool.connect();
    let broken = false;
    try {
      if (verify && !verified.has(client)) await verifyEpoch(within(client, readWithinMs), options);
      if (verify) verified.add(client);
      return await work(client);
    } catch (error) {
      broken = !(await isClean(client, error));
      throw error;
    } finally {
      client.release(broken);
    }
  };

  const opened = <R>(config: pg.ClientConfig, work: (session: Query) => Promise<R>): Promise<R> =>
    withClient(config, async (session) => {
      // Only now: a session that was there before the fence rose was ended by it.
      await pooled((control) => verifyEpoch(control, options), false);
      return work(session);
    });
  const elsewhere = <R>(database: string, work: (session: Query) => Promise<R>): Promise<R> =>
    opened(configOf(database), work);

  const observed = async <R>(effect: EffectName, work: () => Promise<R>): Promise<R> => {
    await onEffect?.(effect, "before", name);
    const result = await work();
    await onEffect?.(effect, "after", name);
    return result;
  };

  return {
    ...options,
    sharing: createSemaphore(1),
    read: (work) => translated(() => pooled((session) => work(within(session, readWithinMs)), true)),
    readIn: (database, work) => translated(() => elsewhere(database, (session) => work(within(session, readWithinMs)))),
    unfenced: (work) => translated(() => pooled(work, false)),
    outside: (work) => translated(() => withClient(configOf(), work)),
    effect: (effect, work) => translated(() => inFlight(() => observed(effect, () => pooled(work, true)))),
    effectIn: (effect, database, work) =>
      translated(() => inFlight(() => observed(effect, () => elsewhere(database, work)))),
    readAs: (effect, login, work) =>
      translated(() => inFlight(() => observed(effect, () => opened(readerConfig(configOf(), login), work)))),
    close: () => politely(pool.end()),
  };
};
