import type { World } from "../session.ts";

const seconds = (ms: number): string => String(Math.round(ms / 1000)).padStart(3);

/** Tells each new step with the seconds since now, on standard error; the same one again is not told. */
export const tellSteps = ({ timer, terminal }: Pick<World, "timer" | "terminal">) => {
  const startedAt = timer.monotonicMs();
  let said = "";
  return {
    tell: (step: string): void => {
      if (step !== said) terminal.err(`[${seconds(timer.monotonicMs() - startedAt)} s] ${step}\n`);
      said = step;
    },
    /** The last one told; "" when there was none. */
    last: (): string => said,
  };
};
