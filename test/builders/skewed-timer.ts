import { systemTimer, type Timer } from "../../kube/clock.ts";

/** The machine's timer with a wall clock that a test can put ahead. */
export const skewedTimer = (): Timer & { later: (ms: number) => void } => {
  const timer = systemTimer();
  let ahead = 0;
  return { ...timer, now: () => new Date(timer.now().getTime() + ahead), later: (ms) => void (ahead = ms) };
};
