/** Loaded into an operator before anything else: its wall clock is wrong by CLOCK_SKEW_MS; time passes as it does. */
const skewMs = Number(process.env["CLOCK_SKEW_MS"] ?? 0);
const RightDate = Date;

globalThis.Date = class extends RightDate {
  constructor(...parts: [] | [number | string | Date]) {
    super(...((parts.length === 0 ? [RightDate.now() + skewMs] : parts) as [number]));
  }
  static override now(): number {
    return RightDate.now() + skewMs;
  }
} as DateConstructor;
