import { createHash } from "node:crypto";
import type { VaultDatabaseSpec } from "../../database/tenant-database.ts";
import { WaitingError } from "../../outcome.ts";
import type { TenantEvent } from "../deps.ts";
import type { Drift, DriftLedger } from "./drift-ledger.ts";

/** One run over one vault: judges what is drift, holds back what is fought over, and remembers what was corrected. */
export interface DriftWatch {
  /** `certain`: what differs now was as wanted before. `possible`: not known, as this process has just begun. */
  readonly suspicion: "certain" | "possible" | "none";
  /** Whether this must wait, as somebody changes it again and again. */
  holds(what: Pick<Drift, "kind" | "name">): boolean;
  corrected(drift: Drift): void;
  /** Tells what was corrected since the last time. */
  report(): void;
  /** All is as wanted, and remembered so; throws WaitingError for what was held back. */
  settle(): void;
}

export type DriftWatchOptions = {
  vaultId: string;
  /** Of everything that is wanted; `desiredDigest`. */
  digest: string;
  ledger: DriftLedger;
  tell: (event: TenantEvent) => void;
};

/**
 * One value for all that is wanted of a vault, so that a change of wishes can be told from a change by hand.
 * @param objects the digest of its objects
 */
export const desiredDigest = (objects: string, spec: VaultDatabaseSpec): string => {
  // How a database is copied is no wish about it, and the password is in the Secret already.
  const database = { ...spec, strategy: undefined, verifier: undefined };
  return createHash("sha256")
    .update(JSON.stringify([objects, database]))
    .digest("base64url")
    .slice(0, 22);
};

const eventOf = ({ kind, name, what, repair }: Drift, loop: boolean): TenantEvent =>
  loop
    ? {
        type: "Warning",
        reason: "DriftLoop",
        message:
          `${kind} ${name}: ${what}, again and again. It is put back every 30 s until that ends: ` +
          `find what does it and stop it.`,
      }
    : { type: "Normal", reason: "DriftCorrected", message: `${kind} ${name}: ${what}; ${repair}.` };

/** A namespace takes all that is in it along: its loss is told, not that of each object. */
const worthTelling = (drifts: readonly Drift[]): readonly Drift[] => {
  const namespace = drifts.find(({ kind, repair }) => kind === "Namespace" && repair === "made again");
  return namespace ? [namespace, ...drifts.filter(({ repair }) => repair !== "made again")] : drifts;
};

export const watchDrift = ({ vaultId, digest, ledger, tell }: DriftWatchOptions): DriftWatch => {
  const settledOn = ledger.settledOn(vaultId);
  const suspicion = settledOn === undefined ? "possible" : settledOn === digest ? "certain" : "none";
  const drifts: Drift[] = [];
  let heldMs = 0;
  return {
    suspicion,
    holds({ kind, name }) {
      const ms = suspicion === "certain" ? ledger.holdMs({ vaultId, kind, name }) : 0;
      heldMs = Math.max(heldMs, ms);
      return ms > 0;
    },
    corrected: (drift) => void drifts.push(drift),
    report() {
      for (const drift of worthTelling(drifts.splice(0))) tell(eventOf(drift, ledger.corrected({ vaultId, ...drift })));
    },
    settle() {
      ledger.settle(vaultId, digest);
      if (heldMs > 0)
        throw new WaitingError("DriftLoop", "Something of the vault is changed by hand again and again.", heldMs);
    },
  };
};
