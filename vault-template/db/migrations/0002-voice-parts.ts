import type { Migration } from "./migration.ts";

/**
 * Expands only: the column may be empty and has no default, so release 1.0.0 goes on serving: it names the columns that
 * it writes, and passes over those that it does not know.
 */
export const voiceParts: Migration = {
  version: 2,
  name: "voice parts",
  oldestSupported: 1,
  statements: [
    `ALTER TABLE members ADD COLUMN voice_part text
       CONSTRAINT members_voice_part_known CHECK (voice_part IN ('soprano', 'alto', 'tenor', 'bass'))`,
  ],
};
