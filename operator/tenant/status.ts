import type { Condition, Phase, TenantStatus } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import { databaseStatus } from "./database-status.ts";
import { conditionsOf as timed } from "../conditions.ts";
import type { Outcome } from "../outcome.ts";
import { accepted, checks, conditionTypes, type Finding, firstFinding, type Judged } from "./checks.ts";
import { claimRefusals } from "./identity/claim-refusals.ts";
import { annotations, namespaceOf, publicUrl, vaultName } from "./names.ts";
import { limitsRespected } from "./limits.ts";
import { nextRotation, onRequestOnly, type RotationPolicy } from "./rotation/rotation.ts";
import { secretsCurrent } from "./rotation/secrets-condition.ts";
import { isSuspended, type World } from "./world.ts";

export type StatusInput = {
  world: World;
  outcome: Outcome;
  /** How often in a row the reconcile failed, this time included. */
  failures: number;
  publicUrlTemplate: string;
  now: Date;
  /** The limits in force and what was measured of them. */
  limits?: TenantStatus["limits"];
  /** By which the vault proves itself to the registry; none without a registry. */
  clientKeys?: TenantStatus["clientKeys"];
  /** When secrets are replaced by themselves. */
  rotation?: RotationPolicy;
};

/** A failure must last this many tries before a tenant that never ran is called Failed. */
const patience = 3;

/** What the outcome says is better known than what the checks infer: it goes to the condition that fails first. */
const firstProblem = (world: World, outcome: Outcome): Judged | null => {
  const judged = firstFinding(world, checks, (finding) => !finding.serves);
  if (outcome.kind === "stalled" && claimRefusals.has(outcome.reason)) {
    const { reason, message } = outcome;
    return { check: accepted, finding: { reason, message, needs: "person" } };
  }
  if (!judged || (outcome.kind !== "failed" && outcome.kind !== "stalled")) return judged;
  if (judged.finding.needs === "person") return judged;
  const finding: Finding = { reason: outcome.reason, message: outcome.message, needs: "person" };
  return { check: judged.check, finding };
};

const servesNow = ({ tenant, workload }: World): boolean => Boolean(tenant.status?.release) && workload.available;

const phaseOf = ({ world, outcome, failures }: StatusInput, problem: Judged | null): Phase => {
  const { tenant } = world;
  if (isSuspended(world)) return "Suspended";
  const live: Phase = tenant.spec.access === "ReadOnly" ? "ReadOnly" : "Active";
  if (!problem || servesNow(world)) return live;
  const unaided = outcome.kind === "stalled" || problem.finding.needs === "person";
  if (unaided && (outcome.kind !== "failed" || failures >= patience)) return "Failed";
  return world.vaultId === null ? "Pending" : "Provisioning";
};

const conditionsOf = ({ world, now }: StatusInput, problem: Judged | null): Condition[] => {
  const { generation } = world.tenant.metadata;
  const before = new Map((world.tenant.status?.conditions ?? []).map((condition) => [condition.type, condition]));
  const make = (type: string, finding: Finding | null, good: { reason: Reason; message: string }): Condition => {
    const status = finding ? "False" : "True";
    const known = before.get(type);
    return {
      type,
      status,
      reason: finding?.reason ?? good.reason,
      message: (finding?.message ?? good.message).slice(0, 2048),
      lastTransitionTime:
        known?.status === status ? known.lastTransitionTime : now.toISOString().replace(/\.\d+Z$/, "Z"),
      observedGeneration: generation,
    };
  };
  const findingOf = (type: string): Finding | null => {
    if (problem?.check.condition === type) return problem.finding;
    for (const check of checks) {
      const finding = check.condition === type ? check.find(world) : null;
      if (finding) return finding;
    }
    return null;
  };
  return [
    make("Ready", problem?.finding ?? null, { reason: "Ready", message: "The vault answers." }),
    ...conditionTypes.map((type) => make(type, findingOf(type), { reason: type, message: goodNews[type] })),
  ];
};

const goodNews: Record<(typeof conditionTypes)[number], string> = {
  Accepted: "Template and plan are known.",
  DatabaseReady: "The database is there, and only this vault may connect.",
  SchemaCurrent: "The database has the schema that the release needs.",
  WorkloadAvailable: "A pod of the vault is available.",
  RouteReady: "The gateway finds the vault.",
  ReleaseCurrent: "The wanted release runs.",
};

const runningRelease = (world: World): TenantStatus["release"] => {
  const { release, workload, tenant } = world;
  const there = workload.rolledOut && (workload.available || (workload.exists && workload.replicas === 0));
  // By what the Deployment has: the choice may be newer than what it was given.
  if (!release || !there || workload.digest !== release.spec.image.digest) return tenant.status?.release;
  return {
    name: release.metadata.name,
    version: release.spec.version,
    digest: release.spec.image.digest,
    schemaVersion: release.spec.schemaVersion,
  };
};

/** A request to go now is answered once the wanted release runs: what is wanted next is another matter. */
const answeredRequest = (world: World): string | undefined => {
  const { tenant, wanted, hold } = world;
  const runs = !hold && wanted.name !== null && runningRelease(world)?.name === wanted.name;
  const asked = tenant.metadata.annotations?.[annotations.upgradeRequestedAt]?.slice(0, 64);
  return runs ? (asked ?? tenant.status?.upgradeRequestAnswered) : tenant.status?.upgradeRequestAnswered;
};

const progressOf = (problem: Judged | null): TenantStatus["progress"] => {
  if (!problem) return undefined;
  const done = checks.indexOf(problem.check);
  return { step: done, of: checks.length, current: problem.check.step };
};

const drop = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

/** The status of a tenant as a pure function of what is so and of how the reconcile ended. */
export const statusOf = (input: StatusInput): TenantStatus => {
  const { world, now, rotation: policy = onRequestOnly } = input;
  const { tenant, vaultId } = world;
  const problem = firstProblem(world, input.outcome);
  const url = publicUrl(input.publicUrlTemplate, tenant.metadata.name);
  const rotation = nextRotation(world, policy, now);
  const limits = "limits" in input ? input.limits : tenant.status?.limits;
  const beside = [secretsCurrent(tenant, rotation, policy, now), limitsRespected(world, limits)];
  return drop<TenantStatus>({
    phase: phaseOf(input, problem),
    message: problem ? problem.finding.message.slice(0, 2048) : `The vault answers at ${url}`,
    observedGeneration: tenant.metadata.generation,
    progress: progressOf(problem),
    url,
    vaultId: vaultId ?? undefined,
    backend:
      vaultId !== null && world.children.size > 0 && world.template
        ? { namespace: namespaceOf(vaultId), service: vaultName, port: world.template.spec.port }
        : tenant.status?.backend,
    database: databaseStatus(world),
    release: runningRelease(world),
    upgradeRequestAnswered: answeredRequest(world),
    ...rotation,
    clientKeys: input.clientKeys,
    limits,
    conditions: [
      ...conditionsOf(input, problem),
      ...timed(
        tenant.status?.conditions,
        beside.filter((one) => one !== undefined),
        tenant.metadata.generation,
        now,
      ),
    ],
  });
};
