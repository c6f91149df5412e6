import { membersAndLogins } from "./0001-members-and-logins.ts";
import type { Migration } from "./migration.ts";

/** Every step, in order; versions count up from 1 without a gap. */
export const migrations: readonly Migration[] = [membersAndLogins];

/** The schema version that this release needs. The chart's VaultRelease says the same number. */
export const neededSchemaVersion = migrations.length;
