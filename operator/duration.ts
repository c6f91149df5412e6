const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** Milliseconds of a duration as the resources write it: `720h`, `1h30m`, `0s`. */
export const durationMs = (duration: string): number =>
  [...duration.matchAll(/([0-9]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
