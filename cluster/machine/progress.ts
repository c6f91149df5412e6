/** Tells a person what is going on: one line per step, with the seconds since the start. */
export interface Progress {
  step(message: string): void;
}

/** Progress lines on `out` (standard error by default, so that standard output stays for data). */
export function createProgress(out: { write(text: string): unknown } = process.stderr): Progress {
  const start = performance.now();
  return {
    step(message) {
      const seconds = Math.round((performance.now() - start) / 1000);
      out.write(`[${String(seconds).padStart(4)} s] ${message}\n`);
    },
  };
}

/** For callers who do not want to hear anything. */
export const silentProgress: Progress = { step: () => undefined };
