import { setTimeout as sleep } from "node:timers/promises";
import { differences } from "./differences.ts";
import { arm } from "./faults/index.ts";
import type { FaultRun } from "./faults/fault-run.ts";
import { findOrphans } from "./invariants/orphans.ts";
import { findSecrets } from "./invariants/secrets.ts";
import type { Finding } from "./invariants/finding.ts";
import { guardDestruction } from "./invariants/destruction.ts";
import { tryCrossing, watchCrossing } from "./invariants/crossing.ts";
import { stillToldAway, strayWrites, unserved } from "./invariants/bystanders.ts";
import type { Operation } from "./operations/operation.ts";
import { settleWithinMs } from "./operations/steps.ts";
import type { Plan } from "./plan.ts";
import type { Written } from "./proxies/gate.ts";
import type { Counts } from "./world/ledger.ts";
import { type Snapshot, takeSnapshot } from "./world/snapshot.ts";
import type { Subject } from "./world/subject.ts";
import type { World } from "./world/world.ts";

/** What a run without faults looked like. */
export interface Reference {
  readonly snapshot: Snapshot;
  readonly counts: Counts;
  readonly sql: Readonly<Record<string, number>>;
  readonly trace: readonly Written[];
  readonly calls: number;
}

export interface Outcome {
  readonly plan: Plan;
  /** "missed": the fault's moment never came, so nothing was tried. */
  readonly verdict: "passed" | "failed" | "missed";
  readonly findings: readonly Finding[];
  readonly ms: number;
  readonly seen: Reference;
  /** What the operator said meanwhile. */
  readonly log: string;
}

export interface Scene {
  readonly world: World;
  readonly subject: Subject;
  /** Runs all the time and has nothing to do with it. */
  readonly neighbour: Subject;
  /** All that this world has ever been about, for what may be destroyed. */
  readonly subjects: readonly Subject[];
}

/** So long after the last write a plan's world counts as settled. */
const quietMs = 800;

/** What the operation's end still lacks, if anything. */
const missing = async (
  operation: Operation,
  { world, subject }: Scene,
  fault: FaultRun,
): Promise<string | undefined> => {
  const why = await operation.unsettled(world, subject);
  if (why !== undefined) return why;
  if (!(await world.operator.hasVisited(subject.slugs))) return "the operator has not looked at it";
  return fault.outageEndedMs ? stillToldAway(world) : undefined;
};

/** Waits until the operation has come to its end and nothing more is written; says what is missing when it does not. */
const settled = async (operation: Operation, scene: Scene, fault: FaultRun): Promise<Finding[]> => {
  const { world } = scene;
  const end = performance.now() + settleWithinMs;
  let why: string | undefined;
  while (performance.now() < end) {
    await fault.mended?.();
    why = await missing(operation, scene, fault).catch((error: unknown) => (error as Error).message);
    const quiet = world.gate.open() === 0 && performance.now() - world.gate.lastMs() > quietMs;
    if (why === undefined && quiet) return [];
    await sleep(why === undefined ? 100 : 150);
  }
  const seconds = settleWithinMs / 1000;
  if (why !== undefined) return [{ invariant: "I1", what: `not at its end after ${seconds} s: ${why}` }];
  const last = world.gate.written.slice(-3).map(({ name }) => name);
  return [{ invariant: "I6", what: `never quiet within ${seconds} s; the last writes were ${last.join(", ")}` }];
};

/** How often PostgreSQL said that it made or dropped something. */
const sqlCounts = (written: readonly Written[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { ok, tags } of written)
    for (const tag of ok ? tags : [])
      if (/^(CREATE|DROP) (DATABASE|ROLE)/.test(tag)) counts[tag] = (counts[tag] ?? 0) + 1;
  return counts;
};

const compare = (reference: Reference, seen: Reference): Finding[] => [
  ...differences(reference.snapshot, seen.snapshot).map((what): Finding => ({ invariant: "I6", what })),
  ...differences(reference.counts, seen.counts).map((what): Finding => ({ invariant: "I3", what })),
  ...differences(reference.sql, seen.sql).map((what): Finding => ({ invariant: "I3", what: `in PostgreSQL, ${what}` })),
];

const play = async (operation: Operation, scene: Scene, fault: FaultRun): Promise<Finding[]> => {
  const { world, subject } = scene;
  await fault.begin?.();
  await operation.act(world, subject);
  const findings = await settled(operation, scene, fault);
  if (findings.length > 0 || !fault.happened() || !fault.aftermath) return findings;
  await fault.aftermath();
  await sleep(quietMs);
  return settled(operation, scene, fault);
};

/** Runs one plan on a subject that its operation has prepared, and holds the world to its promises. */
export const runPlan = async (
  plan: Plan,
  operation: Operation,
  scene: Scene,
  reference: Reference | undefined,
): Promise<Outcome> => {
  const { world, subject, neighbour } = scene;
  const began = performance.now();
  const calls = world.api.calls();
  world.reads.length = 0;
  await world.operator.newLog();
  const fault = arm(plan.fault, world);
  const destruction = guardDestruction(world, scene.subjects);
  const crossing = watchCrossing(world);
  world.gate.focus(subject, fault.onEffect);
  try {
    const unsettled = await play(operation, scene, fault);
    await world.ledger.caughtUp();
    const seen: Reference = {
      snapshot: await takeSnapshot(world, subject),
      counts: world.ledger.counts(subject),
      trace: [...world.gate.written],
      sql: sqlCounts(world.gate.written),
      calls: world.api.calls() - calls,
    };
    const log = await world.operator.newLog();
    const findings = [
      ...unsettled,
      ...(reference && !operation.varies && unsettled.length === 0 ? compare(reference, seen) : []),
      ...(await findOrphans(world)),
      ...(await tryCrossing(world, subject, neighbour)),
      ...(await crossing.stop()),
      ...destruction.findings,
      ...(fault.findings?.() ?? []),
      ...unserved(scene, operation, fault, began),
      ...strayWrites(scene, fault),
      ...(await findSecrets(world, subject, log)),
    ];
    const verdict = findings.length > 0 ? "failed" : fault.happened() ? "passed" : "missed";
    return { plan, verdict, findings, ms: performance.now() - began, seen, log };
  } finally {
    await fault.end?.();
    await crossing.stop();
    destruction.stop();
    world.gate.interfere(undefined);
  }
};
