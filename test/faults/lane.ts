import { randomBytes } from "node:crypto";
import { cleanUp, prepareTenant } from "./operations/steps.ts";
import type { Operation } from "./operations/operation.ts";
import type { Plan } from "./plan.ts";
import { type Outcome, type Reference, runPlan } from "./run-plan.ts";
import { createSubject, type Subject } from "./world/subject.ts";
import { startWorld, type World } from "./world/world.ts";

/** One world, and the plans that run in it one after the other. */
export interface Lane {
  /** Learns how an operation goes without faults, then runs the plans that `choose` makes of that. */
  run(operation: Operation, choose: (trace: Reference["trace"]) => Plan[]): Promise<void>;
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly folder: string;
  readonly program: string;
  readonly told: (outcome: Outcome) => void;
  /** No plan is begun after this, by performance.now(). */
  readonly deadlineMs: number;
}

/** So many tenants are prepared at once. */
const batch = 12;

const newSubject = (): Subject => createSubject(`t-${randomBytes(4).toString("hex")}`);

interface Home {
  readonly world: World;
  readonly neighbour: Subject;
  readonly subjects: Subject[];
}

const openHome = async (folder: string, program: string): Promise<Home> => {
  const world = await startWorld(folder, program);
  const neighbour = newSubject();
  await prepareTenant(world, neighbour);
  return { world, neighbour, subjects: [neighbour] };
};

export const openLane = async ({ folder, program, told, deadlineMs }: LaneOptions): Promise<Lane> => {
  let worlds = 1;
  let home = await openHome(`${folder}-${worlds}`, program);

  const prepared = async (operation: Operation): Promise<Subject> => {
    const subject = newSubject();
    home.subjects.push(subject);
    await operation.prepare(home.world, subject);
    return subject;
  };

  const forget = (subject: Subject): void => {
    const at = home.subjects.indexOf(subject);
    if (at >= 0) home.subjects.splice(at, 1);
  };

  /** A world in which something will not go away is of no use to the next plan. */
  const tidy = async (subjects: readonly Subject[]): Promise<void> => {
    try {
      await Promise.all(subjects.map((subject) => cleanUp(home.world, subject)));
      for (const subject of subjects) forget(subject);
    } catch {
      await home.world.stop();
      worlds += 1;
      home = await openHome(`${folder}-${worlds}`, program);
    }
  };

  const runOne = async (
    plan: Plan,
    operation: Operation,
    subject: Subject,
    reference?: Reference,
  ): Promise<Outcome> => {
    const { world, neighbour, subjects } = home;
    return runPlan(plan, operation, { world, subject, neighbour, subjects }, reference);
  };

  return {
    run: async (operation, choose) => {
      const subject = await prepared(operation);
      const calm = await runOne({ operation: operation.name, fault: { kind: "none" } }, operation, subject);
      told(calm);
      await tidy([subject]);
      const plans = choose(calm.seen.trace);
      let next = 0;
      while (next < plans.length && performance.now() < deadlineMs) {
        const { world } = home;
        const subjects = await Promise.all(plans.slice(next, next + batch).map(() => prepared(operation)));
        for (const one of subjects) {
          const plan = plans[next];
          // A world that had to be given up takes its tenants with it; its plans go on in the next.
          if (!plan || home.world !== world || performance.now() > deadlineMs) break;
          next += 1;
          const outcome = await runOne(plan, operation, one, calm.seen);
          told(outcome);
          if (outcome.verdict === "failed") await tidy([one]);
        }
        if (home.world === world) await tidy(subjects);
      }
    },
    stop: () => home.world.stop(),
  };
};
