import type { Reason } from "../../crds/reasons.ts";
import { RetryableError, StalledError } from "../outcome.ts";

/** Why something with a database did not work: the reasons in conditions of Tenants, releases and servers. */
export const databaseReasons = [
  "AdoptionRefusedContents",
  "AdoptionRefusedEncoding",
  "AdoptionRefusedInUse",
  "AdoptionRefusedMissing",
  "AdoptionRefusedRights",
  "AdoptionRefusedSchema",
  "AdoptionRefusedTaken",
  "DatabaseServerUnreachable",
  "DatabaseServerAuthFailed",
  "DatabaseServerTooOld",
  "DatabaseServerRightsMissing",
  "DatabaseServerFull",
  "DatabaseServerMisconfigured",
  "DatabaseForeign",
  "DatabaseInUse",
  "DatabaseLost",
  "DatabaseQueryFailed",
  "GoldenTemplateMissing",
  "GoldenTemplateInvalid",
  "DropRefused",
  "Fenced",
] as const satisfies readonly Reason[];
export type DatabaseReason = (typeof databaseReasons)[number];

/** Heals by itself or by somebody mending the server; the work is tried again with backoff. */
export class DatabaseError extends RetryableError {
  declare readonly reason: DatabaseReason;
}

/** Needs a person: trying again changes nothing. */
export class DatabaseStalledError extends StalledError {
  declare readonly reason: DatabaseReason;
}

/** An object of our name that we did not make: it is never adopted, changed or dropped. */
export class ForeignObjectError extends DatabaseStalledError {
  constructor(kind: "database" | "role", name: string, server: string) {
    super(
      "DatabaseForeign",
      `A ${kind} named "${name}" on database server "${server}" was not made by Polyphony, so it is left alone. ` +
        `Rename or remove it, and the work goes on by itself.`,
    );
  }
}

/** Another operator leads with a newer epoch: this process must stop working. */
export class FencedError extends DatabaseError {
  /** The epoch on record, newer than ours. */
  readonly currentEpoch: number;
  constructor(server: string, currentEpoch: number) {
    super("Fenced", `Another operator leads: database server "${server}" takes no work from this one any more.`);
    this.currentEpoch = currentEpoch;
  }
}
