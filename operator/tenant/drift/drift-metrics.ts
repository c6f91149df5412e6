import { Counter, type Registry } from "prom-client";
import type { Drift } from "./drift-ledger.ts";

/** Counts corrections by the kind of what was corrected; the chart's alert on drift loops reads it. */
export const countDrift = (registry: Registry): ((kind: Drift["kind"]) => void) => {
  const corrections = new Counter({
    name: "polyphony_drift_corrections_total",
    help: "Objects, databases and logins of vaults that were changed by hand and put back, by kind",
    labelNames: ["kind"],
    registers: [registry],
  });
  return (kind) => corrections.inc({ kind });
};
