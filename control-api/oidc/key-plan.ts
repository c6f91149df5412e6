import { day, hour, later } from "../clock.ts";

/** A key as far as its times go. */
export interface KeyTimes {
  readonly id: string;
  readonly signsFrom: Date;
}

/** How long one key signs. */
export const keySignsMs = 30 * day;

/** How long a key is published before it signs: longer than anybody keeps the published keys. */
export const keyAnnouncedMs = hour;

/** How long a key stays published after the next one signs: longer than any token lives. */
export const keyKeptMs = day;

const byTime = (a: KeyTimes, b: KeyTimes): number => a.signsFrom.getTime() - b.signsFrom.getTime();

/** The key that signs at `now`; null when there is none. */
export const signingKeyOf = <K extends KeyTimes>(keys: readonly K[], now: Date): K | null =>
  keys
    .filter(({ signsFrom }) => signsFrom <= now)
    .sort(byTime)
    .at(-1) ?? null;

export interface KeyPlan {
  /** From when a new key is to sign; null when none is due. */
  readonly add: Date | null;
  /** Ids of keys whose tokens have all expired. */
  readonly remove: readonly string[];
}

/** What is due with these keys at `now`. `atOnce`: somebody asks for a new key, whatever the age of the present one. */
export const planKeys = (keys: readonly KeyTimes[], now: Date, atOnce = false): KeyPlan => {
  const sorted = [...keys].sort(byTime);
  const newest = sorted.at(-1);
  const remove = sorted
    .filter((_, index) => {
      const next = sorted[index + 1];
      return next !== undefined && later(next.signsFrom, keyKeptMs) <= now;
    })
    .map(({ id }) => id);
  // The first key has nobody to announce it to.
  if (!newest) return { add: now, remove };
  // One that is announced is the new key, also for whoever asks.
  if (newest.signsFrom > now) return { add: null, remove };
  const due = later(newest.signsFrom, keySignsMs - keyAnnouncedMs) <= now;
  return { add: due || atOnce ? later(now, keyAnnouncedMs) : null, remove };
};
