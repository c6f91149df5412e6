import { jittered, sleep, systemTimer, type Timer } from "../../kube/clock.ts";
import { isAlreadyExists, isConflict, isNotFound } from "../../kube/errors.ts";
import { kinds, type Lease } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Log } from "./log.ts";

/** This process may work. */
export interface Leadership {
  /**
   * Grows with every new leader, also when the Lease was deleted in between: the SQL fence's number. (A Lease does not
   * fence by itself: a stopped process that wakes up believes to lead until it looks.)
   */
  readonly epoch: number;
  /** Aborts, with LeadershipLostError, the moment leadership is lost or can no longer be known. */
  readonly signal: AbortSignal;
  /** Whether the Lease was renewed recently enough, by a clock that goes on while a process is stopped. */
  holds(): boolean;
  /**
   * Gives the Lease back, so that another takes over within a second. Only after all work has ended. The next epoch is above
   * `seenEpoch` too: one on record elsewhere that is above ours although the Lease is ours, as the Lease was deleted after
   * somebody had led whose clock was ahead. Does nothing when the Lease is another's.
   */
  release(seenEpoch?: number): Promise<void>;
}

export interface Leader {
  /** Waits to become leader; rejects only by the signal. */
  acquire(signal: AbortSignal): Promise<Leadership>;
  /** What is known of the current leader, for readiness and metrics. */
  holder(): string | undefined;
}

/** Another leads, or might. The process must end with a failure, so that it starts again clean. */
export class LeadershipLostError extends Error {
  override readonly name = "LeadershipLostError";
  readonly reason = "LeadershipLost";
}

export interface LeaderOptions {
  /**
   * A client of its own: renewing must not wait behind other requests. Give it a short request timeout (5 s).
   */
  readonly kube: Kube;
  readonly namespace: string;
  /** The Lease's name; see `leaseName`. */
  readonly name: string;
  /** Who this is, unique per process start: the pod's name and something random. */
  readonly identity: string;
  readonly log: Log;
  readonly timer?: Timer;
  readonly random?: () => number;
  /** How long a silent leader is respected; 15 s. Others take over at most this and one retry after a kill. */
  readonly leaseMs?: number;
  /** A leader that could not renew for this long stops; shorter than leaseMs; 10 s. */
  readonly renewDeadlineMs?: number;
  /** How often a leader renews; 4 s. */
  readonly renewMs?: number;
  /** How often the others look; 1 s. */
  readonly retryMs?: number;
}

/** One Lease per operator and set of Tenants: suites with selectors of their own do not fight. */
export const leaseName = (base: string, selector: string): string => {
  const suffix = selector.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${base}-${suffix}`.replace(/-+/g, "-").replace(/^-|-$/g, "").slice(0, 63).replace(/-$/, "");
};

const EPOCH = "polyphony.dev/epoch";

const epochOf = (lease: Lease | undefined): number => Number(lease?.metadata?.annotations?.[EPOCH] ?? 0) || 0;

const microTime = (now: Date): string => now.toISOString().replace("Z", "000Z");

type Settings = LeaderOptions &
  Required<Pick<LeaderOptions, "leaseMs" | "renewDeadlineMs" | "renewMs" | "retryMs">> & {
    readonly timer: Timer;
    readonly random: () => number;
  };

/** The Lease with us as its new holder. Wall time counts from 0 too when the Lease is gone: still above every epoch before. */
const claimed = (settings: Settings, before: Lease | undefined): Lease => {
  const now = settings.timer.now();
  const epoch = Math.max(epochOf(before) + 1, now.getTime());
  return {
    ...before,
    metadata: {
      ...before?.metadata,
      name: settings.name,
      namespace: settings.namespace,
      annotations: { ...before?.metadata?.annotations, [EPOCH]: String(epoch) },
    },
    spec: {
      ...before?.spec,
      holderIdentity: settings.identity,
      leaseDurationSeconds: Math.round(settings.leaseMs / 1000),
      acquireTime: microTime(now),
      renewTime: microTime(now),
      leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (before ? 1 : 0),
    },
  };
};

/** What a waiting process has seen: a Lease counts as abandoned when it did not change for its time while we looked. */
interface Sighting {
  version: string | undefined;
  sinceMs: number;
}

/** One attempt: the Lease as ours, or undefined when it is another's. Never compares clocks of two machines. */
const tryClaim = async (
  settings: Settings,
  sighting: Sighting,
  seen: (lease: Lease) => void,
): Promise<Lease | undefined> => {
  const { kube, timer } = settings;
  const ref = { namespace: settings.namespace, name: settings.name };
  const lease = await kube.find(kinds.lease, ref);
  if (!lease) return kube.create(kinds.lease, claimed(settings, undefined));
  seen(lease);
  const holder = lease.spec?.holderIdentity;
  if (lease.metadata?.resourceVersion !== sighting.version) {
    sighting.version = lease.metadata?.resourceVersion;
    sighting.sinceMs = timer.monotonicMs();
  }
  const theirs = (lease.spec?.leaseDurationSeconds ?? 0) * 1000 || settings.leaseMs;
  if (holder && timer.monotonicMs() - sighting.sinceMs < theirs) return undefined;
  // With the resourceVersion that was read: of two that try, one gets a conflict.
  return kube.replace(kinds.lease, claimed(settings, lease));
};

/** What a failed renewal means: the Lease to go on from, undefined to try again, or why leadership is lost. */
const afterFailure = async (settings: Settings, held: Lease, error: unknown): Promise<Lease | string | undefined> => {
  if (isNotFound(error)) return "the Lease was deleted";
  if (!isConflict(error)) return undefined;
  // Somebody wrote the Lease, or our last write arrived though its answer did not. If it still names us, go on.
  const ref = { namespace: settings.namespace, name: settings.name };
  const now = await settings.kube.find(kinds.lease, ref).catch(() => "unknown" as const);
  if (now === "unknown") return undefined;
  // A write with the uid of a deleted object is answered with a conflict, not with 404.
  if (!now) return "the Lease was deleted";
  if (now.spec?.holderIdentity !== settings.identity) return `${now.spec?.holderIdentity ?? "nobody"} leads now`;
  return epochOf(now) === epochOf(held) ? now : "the Lease's epoch was changed";
};

interface Held {
  lease: Lease;
  /** When the last successful renewal was sent. */
  renewedAtMs: number;
}

/** Renews until the signal, or until leadership is lost: then says why. */
const keepRenewing = async (settings: Settings, held: Held, signal: AbortSignal): Promise<string | undefined> => {
  const { kube, timer, random } = settings;
  let pauseMs = settings.renewMs;
  for (;;) {
    await sleep(timer, jittered(pauseMs, 0.2, random), signal);
    if (signal.aborted) return undefined;
    const startedAt = timer.monotonicMs();
    const renewed = { ...held.lease, spec: { ...held.lease.spec, renewTime: microTime(timer.now()) } };
    try {
      held.lease = await kube.replace(kinds.lease, renewed, { signal });
      held.renewedAtMs = startedAt;
      pauseMs = settings.renewMs;
    } catch (error) {
      const next = await afterFailure(settings, held.lease, error);
      if (typeof next === "string") return next;
      if (next) held.lease = next;
      else settings.log.warn({ error }, "the Lease could not be renewed");
      pauseMs = settings.retryMs;
    }
  }
};

/** Writes the Lease as nobody's, once more after a conflict with a renewal whose answer was lost. */
const giveBack = async (settings: Settings, lease: Lease, seenEpoch: number): Promise<void> => {
  const epoch = String(Math.max(epochOf(lease), seenEpoch));
  const nobodys = (of: Lease): Lease => ({
    ...of,
    metadata: { ...of.metadata, annotations: { ...of.metadata?.annotations, [EPOCH]: epoch } },
    spec: { ...of.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(settings.timer.now()) },
  });
  try {
    await settings.kube.replace(kinds.lease, nobodys(lease));
  } catch (error) {
    const now = await afterFailure(settings, lease, error);
    if (now === undefined) throw error;
    if (typeof now !== "string") await settings.kube.replace(kinds.lease, nobodys(now));
  }
};

/** Leadership over a Lease just claimed; renews by itself. `claimedAtMs`: when the claim was sent. */
const lead = (settings: Settings, lease: Lease, claimedAtMs: number): Leadership => {
  const { timer, log } = settings;
  const held: Held = { lease, renewedAtMs: claimedAtMs };
  const over = new AbortController();
  const renewing = new AbortController();
  let givenBack = false;
  const lost = (why: string): void => {
    if (over.signal.aborted || givenBack) return;
    log.error({ why }, "leadership is lost: all work stops");
    renewing.abort();
    over.abort(new LeadershipLostError(`this operator leads no more: ${why}`));
  };
  const fresh = (): boolean => timer.monotonicMs() - held.renewedAtMs < settings.renewDeadlineMs;
  /** Looks every half second, so that a process that was stopped notices with its first timer. */
  const look = (): void => {
    if (renewing.signal.aborted) return;
    if (!fresh()) lost(`the Lease could not be renewed for ${settings.renewDeadlineMs / 1000} s`);
    else timer.after(500, look);
  };
  look();
  const done = keepRenewing(settings, held, renewing.signal).then((why) => {
    if (why) lost(why);
  });
  return {
    epoch: epochOf(lease),
    signal: over.signal,
    holds: () => {
      if (!over.signal.aborted && !givenBack && !fresh()) lost("the process was stopped for too long");
      return !over.signal.aborted && !givenBack;
    },
    release: async (seenEpoch = 0) => {
      if (givenBack || over.signal.aborted) return;
      givenBack = true;
      renewing.abort();
      await done;
      try {
        await giveBack(settings, held.lease, seenEpoch);
        log.info({ seenEpoch }, "the Lease is given back");
      } catch (error) {
        log.warn({ error }, "the Lease could not be given back; others wait until it expires");
      }
    },
  };
};

/** Leader election by a Lease of coordination.k8s.io. */
export const createLeader = (options: LeaderOptions): Leader => {
  const settings: Settings = {
    ...options,
    timer: options.timer ?? systemTimer(),
    random: options.random ?? Math.random,
    leaseMs: options.leaseMs ?? 15_000,
    renewDeadlineMs: options.renewDeadlineMs ?? 10_000,
    renewMs: options.renewMs ?? 4000,
    retryMs: options.retryMs ?? 1000,
  };
  const { timer, log, random } = settings;
  let holder: string | undefined;
  let told: string | undefined;
  const seen = (lease: Lease): void => {
    holder = lease.spec?.holderIdentity ?? undefined;
    if (holder === told) return;
    told = holder;
    log.info({ holder: holder ?? "nobody" }, "waiting to lead");
  };
  return {
    holder: () => holder,
    acquire: async (signal) => {
      const sighting: Sighting = { version: undefined, sinceMs: timer.monotonicMs() };
      for (;;) {
        signal.throwIfAborted();
        const claimedAtMs = timer.monotonicMs();
        try {
          const lease = await tryClaim(settings, sighting, seen);
          if (lease) {
            holder = settings.identity;
            log.info({ epoch: epochOf(lease), lease: settings.name }, "this operator leads");
            return lead(settings, lease, claimedAtMs);
          }
        } catch (error) {
          // Losing a race is the normal case of two that start together.
          if (!isConflict(error) && !isAlreadyExists(error))
            log.warn({ error }, "the Lease could not be read or taken");
        }
        await sleep(timer, jittered(settings.retryMs * 0.8, 0.4, random), signal);
      }
    },
  };
};
