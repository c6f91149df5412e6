import { type Clock, hour } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { verifyAudit } from "./verify-audit.ts";

export interface WatchAuditDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly onVerified: (brokenChains: number, at: Date) => void;
  readonly onTrouble: (error: unknown) => void;
}

const everyMs = hour;

/** Verifies the whole audit log now and every hour. Returns the way to stop. */
export const watchAudit = ({ registry, clock, onVerified, onTrouble }: WatchAuditDeps): (() => Promise<void>) => {
  const verify = (): Promise<void> =>
    verifyAudit(registry).then(({ broken }) => onVerified(broken.length, clock.now()), onTrouble);
  let running = verify();
  const timer = setInterval(() => {
    running = running.then(verify);
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
};
