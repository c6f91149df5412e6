import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";

/** Something that happens to a tenant, as a plan performs it. */
export interface Operation {
  readonly name: string;
  /** What a person does, for the report. */
  readonly is: string;
  /** Brings the subject to where the operation begins; without faults. */
  prepare(world: World, subject: Subject): Promise<void>;
  /** Asks for it. Resolves when the API server has stored what was asked for. */
  act(world: World, subject: Subject): Promise<void>;
  /** Why it is not done yet, or undefined when it is. */
  unsettled(world: World, subject: Subject): Promise<string | undefined>;
  /** Whether visitors notice nothing: a pod is ready at any time, and no read fails. */
  readonly serves: boolean;
  /** Its end differs from run to run, within what `unsettled` allows: it is not compared, and tried less often. */
  readonly varies?: true;
}
