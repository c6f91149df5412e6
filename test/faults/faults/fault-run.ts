import type { Finding } from "../invariants/finding.ts";
import type { OnEffect } from "../proxies/gate.ts";

/** One fault, armed. */
export interface FaultRun {
  readonly onEffect?: OnEffect;
  /** Just before the operation is asked for. */
  begin?(): Promise<void> | void;
  /** Whether it has happened; a plan whose fault did not happen says nothing. */
  happened(): boolean;
  /** Resolves when all that was broken is whole again, or on its way to be. */
  mended?(): Promise<unknown>;
  /** After the world has settled for the first time; it is to settle once more then. */
  aftermath?(): Promise<void>;
  /** What it has seen itself. */
  findings?(): readonly Finding[];
  /** Whatever happens, at the plan's end. */
  end?(): Promise<void> | void;
  /** For faults that visitors cannot be spared: when it was over, by performance.now(); infinite while it lasts. */
  outageEndedMs?(): number;
}
