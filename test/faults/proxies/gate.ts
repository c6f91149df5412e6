import { differences } from "../differences.ts";
import type { Effect, Gate, Passing, Verdict } from "./effect.ts";
import { concerns, masked, type Subject } from "../world/subject.ts";

/** A write that has passed. */
export interface Written extends Effect {
  readonly system: Passing["system"];
  readonly atMs: number;
  readonly ok: boolean;
  readonly tags: readonly string[];
}

/** A write that was taken and has nothing to do with the plan. */
export interface Other {
  readonly what: string;
  readonly text: string;
  /** For a status: what is different from the one before, but for sizes and times, which change by themselves. */
  readonly changes: readonly string[] | null;
}

/** What a plan does when a write about its subject comes by. */
export type OnEffect = (effect: Effect, when: "before" | "after", passing: Passing) => Promise<Verdict> | Verdict;

/** The one gate of a world: keeps a record of all writes, and lets a plan interfere with those about its subject. */
export interface WorldGate extends Gate {
  /** From now on writes about this subject are recorded and numbered anew. */
  focus(subject: Subject, onEffect?: OnEffect): void;
  /** Replaces what is done when a write comes by. */
  interfere(onEffect: OnEffect | undefined): void;
  /** Writes about the subject since `focus`, in the order in which they were stored. */
  readonly written: readonly Written[];
  /** All others since `focus`, as they are. */
  readonly others: readonly Other[];
  /** When the last write about the subject came by, by performance.now(). */
  lastMs(): number;
  /** Writes about the subject that have come by and are not answered. */
  open(): number;
  /** Asked of every write before anything else, for what must never be: throws are the caller's to keep. */
  guard: ((passing: Passing) => Promise<void>) | undefined;
}

/** Names of Events and Jobs end in digests of things that differ from run to run. */
const withoutDigests = (what: string): string => what.replaceAll(/[.-][0-9a-f]{12,64}(?=\b|-)/g, "");

/** Measured sizes and times change by themselves; the order of fields says nothing. */
const lasting = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lasting);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(
    ([key]) => key !== "bytes" && key !== "resourceVersion" && !key.endsWith("Time"),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, lasting(inner)]));
};

export const createGate = (): WorldGate => {
  let subject: Subject | undefined;
  let interfere: OnEffect | undefined;
  let counts = new Map<string, number>();
  let lastMs = 0;
  const written: Written[] = [];
  const others: Other[] = [];
  const last = new Map<string, object>();
  const open = new Map<Passing, Effect>();
  const openOthers = new Map<Passing, Other>();

  const effectOf = async (passing: Passing): Promise<Effect | undefined> => {
    await subject?.known;
    if (!subject || !concerns(subject, passing.text)) return undefined;
    const name = withoutDigests(masked(subject, passing.what)).trim();
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return { name, nth };
  };

  const changesOf = ({ what, text }: Passing): string[] | null => {
    if (!/^apply \w+\/status /.test(what)) return null;
    const now = lasting(JSON.parse(text.slice(text.indexOf("\n")))) as object;
    const changes = differences(last.get(what) ?? {}, now);
    last.set(what, now);
    return changes;
  };

  return {
    written,
    others,
    guard: undefined,
    focus: (next, onEffect) => {
      subject = next;
      interfere = onEffect;
      counts = new Map();
      lastMs = performance.now();
      written.length = 0;
      others.length = 0;
      open.clear();
      openOthers.clear();
    },
    interfere: (onEffect) => void (interfere = onEffect),
    lastMs: () => lastMs,
    open: () => open.size,
    async before(passing) {
      await this.guard?.(passing);
      const changes = changesOf(passing);
      const effect = await effectOf(passing);
      if (!effect) {
        openOthers.set(passing, { what: passing.what, text: passing.text, changes });
        return "pass";
      }
      lastMs = performance.now();
      const verdict = (await interfere?.(effect, "before", passing)) ?? "pass";
      // One that is held back is not under way.
      if (verdict === "pass") open.set(passing, effect);
      return verdict;
    },
    lost: (passing) => {
      open.delete(passing);
      openOthers.delete(passing);
    },
    async after(passing, done) {
      const other = openOthers.get(passing);
      openOthers.delete(passing);
      if (other && done.ok) others.push(other);
      const effect = open.get(passing);
      open.delete(passing);
      if (!effect) return "pass";
      lastMs = performance.now();
      written.push({ ...effect, ...done, system: passing.system, atMs: lastMs });
      return (await interfere?.(effect, "after", passing)) ?? "pass";
    },
  };
};
