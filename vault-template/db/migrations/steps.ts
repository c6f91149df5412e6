import { membersAndLogins } from "./0001-members-and-logins.ts";
import { voiceParts } from "./0002-voice-parts.ts";
import type { Migration } from "./migration.ts";

/** Every step, in order; versions count up from 1 without a gap. */
export const steps: readonly Migration[] = [membersAndLogins, voiceParts];

export const newestSchemaVersion = steps.length;
