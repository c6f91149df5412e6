import type { Clock } from "../../../kube/clock.ts";
import type { ChildKind } from "../children/children.ts";

/** Something of a vault that was not as the operator had left it, and how it was found. */
export type Drift = {
  kind: ChildKind | "Database" | "DatabaseLogin";
  name: string;
  /** For people: "spec.replicas was changed by kubectl-edit". */
  what: string;
  /** What was done about it. */
  repair: "put back" | "made again" | "removed";
};

/** Which thing of which vault. */
export type DriftPlace = Pick<Drift, "kind" | "name"> & { vaultId: string };

export interface DriftLedger {
  /** What this vault was last brought to, wholly; undefined before the first time in this process. */
  settledOn(vaultId: string): string | undefined;
  settle(vaultId: string, digest: string): void;
  /** The vault is gone. */
  forget(vaultId: string): void;
  /** Counts a correction; true when the same thing had to be corrected again and again. */
  corrected(place: DriftPlace): boolean;
  /** How long this is left as it is before it is put back the next time, in ms; 0 but for what is fought over. */
  holdMs(place: DriftPlace): number;
}

/** More corrections of one thing within this time are a fight with somebody. */
const windowMs = 10 * 60_000;
const tolerated = 5;
/** What is fought over is put back this often: still within a minute, but no race. */
const pauseMs = 30_000;

/** Remembers what each vault was brought to, and when each of its things was corrected lately. */
export const createDriftLedger = (clock: Clock, count: (kind: Drift["kind"]) => void): DriftLedger => {
  const digests = new Map<string, string>();
  /** In order of the last correction, so that only what is old is looked at to be forgotten. */
  const corrections = new Map<string, number[]>();
  const now = (): number => clock.now().getTime();
  const keyOf = ({ vaultId, kind, name }: DriftPlace): string => `${vaultId}/${kind}/${name}`;
  const recent = (key: string): number[] => (corrections.get(key) ?? []).filter((at) => now() - at < windowMs);
  const prune = (): void => {
    for (const [key, times] of corrections) {
      if (now() - (times.at(-1) ?? 0) < windowMs) return;
      corrections.delete(key);
    }
  };
  return {
    settledOn: (vaultId) => digests.get(vaultId),
    settle: (vaultId, digest) => void digests.set(vaultId, digest),
    forget: (vaultId) => void digests.delete(vaultId),
    corrected(place) {
      prune();
      const key = keyOf(place);
      const times = [...recent(key), now()];
      corrections.delete(key);
      corrections.set(key, times);
      count(place.kind);
      return times.length > tolerated;
    },
    holdMs(place) {
      const times = recent(keyOf(place));
      return times.length > tolerated ? Math.max(0, (times.at(-1) ?? 0) + pauseMs - now()) : 0;
    },
  };
};
