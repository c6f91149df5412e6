import type { Knex } from "knex";
import { type Clock, later, second } from "../clock.ts";
import { databaseTrouble } from "../db/database-errors.ts";
import { readSchemaVersion, servesOn } from "../db/schema-version.ts";

export interface Verdict {
  ready: boolean;
  /** For the person who looks into a probe that fails. */
  reason: string;
}

/** Things that become true or false while the process lives. */
export interface Readiness {
  ask(): Promise<Verdict>;
  /** The last answer, without asking. */
  last: () => boolean;
  startDraining(): void;
  ownerIsSeeded(): void;
}

const databaseVerdict = async (database: Knex, needed: number): Promise<Verdict> => {
  try {
    const schema = await readSchemaVersion(database);
    if (servesOn(schema, needed)) return { ready: true, reason: "serving" };
    const has = `The database is at schema version ${String(schema.version)}`;
    if (schema.version < needed)
      return {
        ready: false,
        reason: `${has}, this release needs ${String(needed)}: run its \`migrate\` on the database.`,
      };
    return {
      ready: false,
      reason: `${has}, which has left this release (${String(needed)}) behind: start a newer release.`,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const away = databaseTrouble(error) === "away";
    return { ready: false, reason: `The database ${away ? "cannot be reached" : "refuses to answer"}: ${message}` };
  }
};

/** The kubelet asks every second, so that a start is seen at once; the database is not asked that often. */
const goodForMs = 5 * second;

/** Ready means: not leaving, owner seeded, database reachable and at a schema that this release serves on. */
export function readinessOf(database: Knex, needed: number, clock: Clock): Readiness {
  let draining = false;
  let seeded = false;
  let last = false;
  let good: { verdict: Verdict; until: Date } | undefined;
  const ask = async (): Promise<Verdict> => {
    if (draining) return { ready: false, reason: "The vault was asked to stop and finishes what it has begun." };
    if (good && clock.now() < good.until) return good.verdict;
    const verdict = await databaseVerdict(database, needed);
    good = verdict.ready && seeded ? { verdict, until: later(clock.now(), goodForMs) } : undefined;
    if (!verdict.ready || seeded) return verdict;
    return { ready: false, reason: "The owner is not in the database yet; it is tried again by itself." };
  };
  return {
    ask: async () => {
      const verdict = await ask();
      last = verdict.ready;
      return verdict;
    },
    last: () => last,
    startDraining: () => {
      draining = true;
      last = false;
    },
    ownerIsSeeded: () => {
      seeded = true;
    },
  };
}
