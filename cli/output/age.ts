const units = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;

/** Seconds as kubectl shows an age: `42s`, `3m10s`, `5h`, `12d`. Small ones keep their second part. */
const short = (seconds: number): string => {
  if (seconds < 0) return "0s";
  const index = units.findIndex(([, size]) => seconds >= size);
  const [unit, size] = units[index] ?? units[3];
  const whole = Math.floor(seconds / size);
  const smaller = units[index + 1];
  if (!smaller || whole >= 10) return `${whole}${unit}`;
  const rest = Math.floor((seconds % size) / smaller[1]);
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${smaller[0]}`;
};

/** How long ago an RFC 3339 time was, in short; empty for none. */
export const age = (time: string | undefined, now: Date): string =>
  time === undefined ? "" : short(Math.floor((now.getTime() - Date.parse(time)) / 1000));

/** How long until then, in short; `now` when it has passed. */
export const until = (time: string, now: Date): string => {
  const seconds = Math.floor((Date.parse(time) - now.getTime()) / 1000);
  return seconds <= 0 ? "now" : short(seconds);
};
