import { type Clock, minute } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { createSealer } from "../sealer.ts";
import { createKeyStore } from "./key-store.ts";
import { forgetExpired } from "./oidc-adapter.ts";

export interface IdentityUpkeepDeps {
  readonly registry: RegistryDatabase;
  /** The installation's. */
  readonly tokenKey: string;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Often enough that a key is never late, seldom enough to cost nothing. */
const everyMs = 5 * minute;

/** Replaces signing keys when their time has come and forgets what has expired. Returns the way to stop it. */
export const startIdentityUpkeep = ({ registry, tokenKey, clock, onTrouble }: IdentityUpkeepDeps) => {
  const keys = createKeyStore({ registry, sealer: createSealer(tokenKey), clock });
  let underWay: Promise<unknown> = Promise.resolve();
  const look = (): void => {
    underWay = Promise.all([keys.upkeep(), forgetExpired(registry, clock)]).catch(onTrouble);
  };
  look();
  const timer = setInterval(look, everyMs);
  return async (): Promise<void> => {
    clearInterval(timer);
    await underWay;
  };
};
