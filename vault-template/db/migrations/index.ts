import { neededSchemaVersion } from "../../release.ts";
import type { Migration } from "./migration.ts";
import { steps } from "./steps.ts";

/** The steps of this release. */
export const migrations: readonly Migration[] = steps.slice(0, neededSchemaVersion);

export { neededSchemaVersion };
