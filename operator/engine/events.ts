import { createHash } from "node:crypto";
import { jittered, systemTimer, type Timer } from "../../kube/clock.ts";
import { isAlreadyExists, isNotFound } from "../../kube/errors.ts";
import { type Event, kinds } from "../../kube/kinds.ts";
import { apiVersionOf, type Kind, type Kube, type KubeObject } from "../../kube/kube.ts";
import type { Log } from "./log.ts";

/** What happened to an object. */
export interface Happening {
  readonly type: "Normal" | "Warning";
  /** CamelCase, a constant. */
  readonly reason: string;
  /** What the operator did or tried, CamelCase: "Provision", "Delete". */
  readonly action: string;
  /** For people; at most 1,024 bytes arrive. */
  readonly note: string;
}

export interface EventRecorder {
  /** Tells it without waiting; a failure is logged and nothing else. The same again is counted, not told again. */
  record(kind: Kind, regarding: KubeObject, happening: Happening): void;
  /** Waits for what is being sent, for a graceful stop and for tests. */
  flush(): Promise<void>;
}

export interface EventRecorderOptions {
  readonly kube: Kube;
  readonly log: Log;
  /** "polyphony.dev/operator". */
  readonly controller: string;
  /** The process: its pod's name. */
  readonly instance: string;
  readonly timer?: Timer;
  readonly random?: () => number;
  /** The same is counted in the one Event for this long; 10 minutes. */
  readonly seriesMs?: number;
  /** A count is written at most this often; 1 minute. */
  readonly countMs?: number;
  /** How many different happenings are remembered; 4,096. */
  readonly remember?: number;
  /** Different Events about one object within `seriesMs`; 25. Beyond that they are dropped. */
  readonly perObject?: number;
}

interface Told {
  readonly ref: { readonly namespace: string; readonly name: string };
  readonly firstMs: number;
  /** How often it happened, and how often of that the server knows. */
  count: number;
  countedMs: number;
}

const NOTE_BYTES = 1024;

const shortened = (note: string): string => {
  const bytes = Buffer.from(note, "utf8");
  if (bytes.length <= NOTE_BYTES) return note;
  return `${new TextDecoder().decode(bytes.subarray(0, NOTE_BYTES - 4)).replace(/\uFFFD+$/, "")}…`;
};

const microTime = (now: Date): string => now.toISOString().replace("Z", "000Z");

/** From object and content, so that a process that starts again meets its own Event instead of doubling it. */
const eventName = (name: string, id: string): string => {
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 16);
  return `${name.slice(0, 230)}.${digest}`;
};

const eventOf = (
  options: EventRecorderOptions,
  kind: Kind,
  regarding: KubeObject,
  happening: Happening,
  ref: Told["ref"],
  now: Date,
): Event => {
  const { name, namespace, uid, resourceVersion } = regarding.metadata ?? {};
  return {
    metadata: ref,
    eventTime: microTime(now),
    reportingController: options.controller,
    reportingInstance: options.instance.slice(0, 128),
    type: happening.type,
    reason: happening.reason.slice(0, 128),
    action: happening.action.slice(0, 128),
    note: shortened(happening.note),
    regarding: {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
  };
};

/** Bounded memory of what was told: the oldest goes first. */
const createMemory = (limit: number, seriesMs: number, timer: Timer) => {
  const told = new Map<string, Told>();
  const perObject = new Map<string, { count: number; sinceMs: number }>();
  const forgetOldest = <V>(map: Map<string, V>): void => {
    const oldest = map.keys().next().value;
    if (map.size > limit && oldest !== undefined) map.delete(oldest);
  };
  return {
    find: (id: string): Told | undefined => {
      const known = told.get(id);
      return known && timer.monotonicMs() - known.firstMs < seriesMs ? known : undefined;
    },
    add: (id: string, entry: Told): void => {
      told.delete(id);
      told.set(id, entry);
      forgetOldest(told);
    },
    drop: (id: string): void => void told.delete(id),
    /** Counts another Event about this object; how many there are within the time. */
    about: (object: string): number => {
      const now = timer.monotonicMs();
      const known = perObject.get(object);
      const entry = known && now - known.sinceMs < seriesMs ? known : { count: 0, sinceMs: now };
      entry.count += 1;
      perObject.set(object, entry);
      forgetOldest(perObject);
      return entry.count;
    },
  };
};

/** Events of events.k8s.io/v1, on changes only: the caller says what changed, the same again becomes a series. */
export const createEventRecorder = (options: EventRecorderOptions): EventRecorder => {
  const { kube, log, timer = systemTimer(), seriesMs = 600_000, countMs = 60_000 } = options;
  const memory = createMemory(options.remember ?? 4096, seriesMs, timer);
  const sending = new Set<Promise<void>>();

  const send = (what: string, work: () => Promise<unknown>, failed: () => void): void => {
    const sent = work().then(
      () => undefined,
      (error: unknown) => {
        failed();
        log.warn({ error, event: what }, "an Event could not be written");
      },
    );
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  };

  const count = (id: string, told: Told, now: Date): void => {
    told.count += 1;
    if (timer.monotonicMs() - told.countedMs < jittered(countMs, 0.2, options.random)) return;
    told.countedMs = timer.monotonicMs();
    const series = { series: { count: told.count, lastObservedTime: microTime(now) } };
    send(
      told.ref.name,
      () =>
        kube.patch(kinds.event, told.ref, series).catch((error: unknown) => {
          // Expired at the server: it is told anew the next time.
          if (!isNotFound(error)) throw error;
          memory.drop(id);
        }),
      () => undefined,
    );
  };

  return {
    record: (kind, regarding, happening) => {
      const { name = "", namespace = "default", uid = "" } = regarding.metadata ?? {};
      const object = `${kind.kind}/${namespace}/${name}/${uid}`;
      const id = [object, happening.type, happening.reason, happening.action, happening.note].join("\n");
      const now = timer.now();
      const known = memory.find(id);
      if (known) {
        count(id, known, now);
        return;
      }
      if (memory.about(object) > (options.perObject ?? 25)) return;
      const ref = { namespace, name: eventName(name, id) };
      const atMs = timer.monotonicMs();
      memory.add(id, { ref, firstMs: atMs, count: 1, countedMs: atMs });
      const event = eventOf(options, kind, regarding, happening, ref, now);
      send(
        ref.name,
        () =>
          kube.create(kinds.event, event).catch((error: unknown) => {
            if (!isAlreadyExists(error)) throw error;
            return kube.patch(kinds.event, ref, { series: { count: 2, lastObservedTime: microTime(now) } });
          }),
        () => memory.drop(id),
      );
    },
    flush: async () => {
      await Promise.all(sending);
    },
  };
};
