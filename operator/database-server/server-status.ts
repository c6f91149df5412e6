import type { DatabaseServer, DatabaseServerStatus } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import { conditionsOf, type Judgement } from "../conditions.ts";
import type { Finding, ServerFacts } from "../database/tenant-database.ts";

/** What a visit to the server brought: its facts, or why there are none. */
export type Visit =
  { ok: true; facts: ServerFacts; findings: readonly Finding[] } | { ok: false; reason: Reason; message: string };

/** Sizes are told in steps of 64 MiB, so that every small insert somewhere does not change the status. */
const step = 64 * 1024 * 1024;

const rounded = (bytes: number): number => Math.ceil(bytes / step) * step;

const good = (type: Reason, message: string): Judgement => ({ type, status: "True", reason: type, message });
const bad = (type: string, reason: Reason, message: string): Judgement => ({ type, status: "False", reason, message });
const unknown = (type: string): Judgement => ({
  type,
  status: "Unknown",
  reason: "NotAsked",
  message: "The server could not be asked; see the condition Reachable.",
});

/** Reasons that mean that the server did answer, and what it lacks. */
const answered: Record<string, string> = {
  DatabaseServerTooOld: "VersionSupported",
  DatabaseServerRightsMissing: "RightsSufficient",
  DatabaseForeign: "RightsSufficient",
};

const settings = (facts: ServerFacts, findings: readonly Finding[]): Judgement => {
  const type = "SettingsSafe";
  if (facts.recoveryInitSyncMethod === "fsync")
    return bad(
      type,
      "SlowCrashRecovery",
      "recovery_init_sync_method is fsync: with thousands of databases a start after a crash takes minutes. " +
        "Set it to syncfs (Linux) and reload.",
    );
  const [first] = findings;
  if (first) return bad(type, first.reason, first.message);
  if (facts.largeObjectsOpen)
    return bad(
      type,
      "LargeObjectsOpen",
      "A read-only vault can still make large objects. Run in template1 as the server's administrator: REVOKE EXECUTE ON FUNCTION " +
        "lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC; releases made afterwards are closed.",
    );
  return good(type, "No setting is known to do harm.");
};

const capacity = (databases: number, most: number): Judgement =>
  databases < most
    ? good("CapacityAvailable", "There is room for more vaults.")
    : bad(
        "CapacityAvailable",
        "DatabaseServerFull",
        `All ${most} places are taken: raise spec.capacity, or add a DatabaseServer. Vaults that are here run on.`,
      );

const judge = (resource: DatabaseServer, visit: Visit, databases: number | undefined): Judgement[] => {
  if (visit.ok)
    return [
      good("Ready", "Vaults' databases can be made and kept here."),
      good("Reachable", "The server answers."),
      good("VersionSupported", "The version is 15 or later."),
      good("RightsSufficient", "The operator's role may do what it has to."),
      capacity(visit.facts.databases, resource.spec.capacity),
      settings(visit.facts, visit.findings),
    ];
  const { reason, message } = visit;
  const type = answered[reason] ?? "Reachable";
  const others = ["VersionSupported", "RightsSufficient"].filter((other) => other !== type).map(unknown);
  const reachable = type === "Reachable" ? [] : [good("Reachable", "The server answers.")];
  return [
    bad("Ready", reason, message),
    ...reachable,
    bad(type, reason, message),
    ...others,
    databases === undefined ? unknown("CapacityAvailable") : capacity(databases, resource.spec.capacity),
    unknown("SettingsSafe"),
  ];
};

/** The status of a server as a pure function of what there was and what the visit brought. */
export const serverStatus = (resource: DatabaseServer, visit: Visit, now: Date): DatabaseServerStatus => {
  const { status: before, metadata } = resource;
  const facts = visit.ok ? visit.facts : undefined;
  const databases = facts?.databases ?? before?.databases;
  const version = facts?.version ?? before?.version;
  const bytes = facts?.bytes == null ? before?.bytes : rounded(facts.bytes);
  return {
    ...(version === undefined ? {} : { version }),
    ...(databases === undefined ? {} : { databases }),
    ...(bytes === undefined ? {} : { bytes }),
    observedGeneration: metadata.generation,
    conditions: conditionsOf(before?.conditions, judge(resource, visit, databases), metadata.generation, now),
  };
};
