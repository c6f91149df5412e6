import { listen } from "../db/listen.ts";
import { vaultChannel } from "./observe-vault.ts";

/** Wakes whoever waits for news of an organization's vault. */
export interface VaultChanges {
  /** Resolves at the next change, or after `atMostMs` without one. */
  next(organizationId: string, signal: AbortSignal, atMostMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** One connection for all who wait, by PostgreSQL's NOTIFY. */
export const createVaultChanges = (url: string, onTrouble: (error: Error) => void): VaultChanges => {
  const waiting = new Map<string, Set<() => void>>();
  const wake = (organizationId: string): void => {
    for (const go of waiting.get(organizationId) ?? []) go();
  };
  const wakeAll = (): void => {
    for (const organizationId of waiting.keys()) wake(organizationId);
  };
  const listening = listen({
    url,
    channel: vaultChannel,
    onNotice: wake,
    onGap: (error) => {
      onTrouble(error);
      wakeAll();
    },
  });
  return {
    next: (organizationId, signal, atMostMs) =>
      new Promise((resolve) => {
        const set = waiting.get(organizationId) ?? new Set();
        const go = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", go);
          set.delete(go);
          if (set.size === 0) waiting.delete(organizationId);
          resolve();
        };
        const timer = setTimeout(go, atMostMs);
        waiting.set(organizationId, set.add(go));
        signal.addEventListener("abort", go);
        if (signal.aborted) go();
      }),
    stop: async () => {
      wakeAll();
      await listening.stop();
    },
  };
};
