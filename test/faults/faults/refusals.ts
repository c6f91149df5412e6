import { randomSource } from "../random.ts";
import type { Verdict } from "../proxies/effect.ts";
import type { Fault } from "../plan.ts";
import type { World } from "../world/world.ts";
import type { FaultRun } from "./fault-run.ts";

const isUpdate = (name: string): boolean => /^(apply|patch|replace) /.test(name);

/** Every second update is refused, as if somebody else had written in between. */
export const conflicts = (): FaultRun => {
  let updates = 0;
  return {
    onEffect: (effect, when) => {
      if (when !== "before" || !isUpdate(effect.name)) return "pass";
      updates += 1;
      return updates % 2 === 0 ? { status: 409 } : "pass";
    },
    happened: () => updates > 1,
  };
};

/** Every update is refused, for a while. */
export const conflictsOnly = ({ forMs }: Extract<Fault, { kind: "conflicts-only" }>): FaultRun => {
  let since: number | undefined;
  return {
    onEffect: (effect, when) => {
      if (when !== "before" || !isUpdate(effect.name)) return "pass";
      since ??= performance.now();
      return performance.now() - since < forMs ? { status: 409 } : "pass";
    },
    happened: () => since !== undefined,
  };
};

const answers: readonly Verdict[] = [
  { status: 429, retryAfter: "1" },
  { status: 500 },
  { status: 503, retryAfter: "1" },
  { status: 504 },
  "cut",
];

/** Half of all requests are answered with trouble, for a while. */
export const storm = ({ forMs, seed }: Extract<Fault, { kind: "storm" }>, { api }: World): FaultRun => {
  const random = randomSource(seed);
  let troubled = 0;
  return {
    begin: () => {
      const until = performance.now() + forMs;
      api.rule({
        answer: () => {
          if (performance.now() > until || random() < 0.5) return undefined;
          troubled += 1;
          return answers[troubled % answers.length];
        },
      });
    },
    happened: () => troubled > 0,
    end: () => api.rule({}),
  };
};
