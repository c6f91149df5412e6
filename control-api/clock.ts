/** The only source of time in the control API, so that tests and rehearsals can move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The instant `milliseconds` after `from`; negative for before. */
export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
