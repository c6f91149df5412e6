import { setTimeout as pause } from "node:timers/promises";
import type { AccessView } from "../access.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/connect.ts";
import { databaseTrouble } from "../db/database-errors.ts";
import { emailKey } from "../email-address.ts";
import type { Readiness } from "../internal/readiness.ts";
import type { LiveSettings } from "../live-settings.ts";
import type { Log } from "../log.ts";
import { memberRepository } from "./member-repository.ts";
import { type NamedOwner, ownerIsSeeded, seedOwner, type SeedOutcome } from "./seed-owner.ts";

export interface OwnerSeedingDeps {
  database: Database;
  settings: LiveSettings;
  access: AccessView;
  readiness: Readiness;
  clock: Clock;
  log: Log;
}

/** Keeps the person whom the platform names in the database as its owner. */
export interface OwnerSeeding {
  /** Goes to work when there is something to do, and returns at once. */
  look(): void;
  stop(): Promise<void>;
}

// "vault seed" as a number: two pods of a rollout that start at once seed one after the other.
const seedLock = "7310021556";

const seedOnce = async (database: Database, owner: NamedOwner, clock: Clock): Promise<SeedOutcome> => {
  if (ownerIsSeeded(await memberRepository(database).namedByPlatform(), owner)) return "unchanged";
  return database.transaction(async (transaction) => {
    await transaction.raw(`SELECT pg_advisory_xact_lock(${seedLock})`);
    return seedOwner(memberRepository(transaction), owner, clock.now());
  });
};

/** Seeds as soon as the database lets it, and again when the platform names somebody else. */
export function ownerSeeding({ database, settings, access, readiness, clock, log }: OwnerSeedingDeps): OwnerSeeding {
  const stopping = new AbortController();
  const { signal } = stopping;
  let seeded: string | null = null;
  /** The owner who could not be written while the vault was read-only. */
  let refused: string | null = null;
  let work: Promise<void> | null = null;

  const isReadOnly = async (error: unknown): Promise<boolean> => {
    if (databaseTrouble(error) !== "read-only") return false;
    await access.ask(0);
    return access.readOnly();
  };

  const seedPatiently = async (): Promise<void> => {
    for (let wait = 200; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      const { owner } = settings.now();
      try {
        const outcome = await seedOnce(database, owner, clock);
        if (outcome !== "unchanged") log.info("the owner is seeded", { outcome });
        [seeded, refused] = [emailKey(owner.email), null];
        readiness.ownerIsSeeded();
        return;
      } catch (error) {
        if (await isReadOnly(error)) {
          log.warn("the vault is read-only: the new owner is seeded when it may write again");
          refused = emailKey(owner.email);
          readiness.ownerIsSeeded();
          return;
        }
        log.warn("the owner cannot be seeded yet, trying again", { waitMs: wait, error });
      }
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    look: () => {
      const wanted = emailKey(settings.now().owner.email);
      if (work !== null || signal.aborted || seeded === wanted) return;
      if (refused === wanted && access.readOnly()) return;
      work = seedPatiently().finally(() => (work = null));
    },
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}
