import { newestSchemaVersion } from "./db/migrations/steps.ts";

// Set by build.ts, so that a bundle is one release for good. From the sources, as in tests, it is the newest.
declare const VAULT_SCHEMA_VERSION: number | undefined;

/**
 * The schema version that this release needs; its VaultRelease says the same number. Two releases are built from these
 * sources, the newest and the one before it, which knows nothing of the newest step.
 */
export const neededSchemaVersion: number =
  typeof VAULT_SCHEMA_VERSION === "undefined" ? newestSchemaVersion : VAULT_SCHEMA_VERSION;

/** From 1.1.0 (schema 2) on members may say which voice part they sing. */
export const hasVoiceParts: boolean = neededSchemaVersion >= 2;
