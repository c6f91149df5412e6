import { createHash } from "node:crypto";
import type { VaultRelease } from "../../crds/index.ts";
import type { MigrationSeries } from "../database/vault-migrations.ts";
import { labels as vaultLabels, managedBy } from "../tenant/names.ts";

export const migrationLabels = {
  release: "polyphony.dev/release",
  server: "polyphony.dev/database-server",
  /** Which run: one release on one server. */
  run: "polyphony.dev/migration",
} as const;

/** How often this run was begun; the newest Job has the highest. */
export const attemptAnnotation = "polyphony.dev/attempt";

/** One release on one server: short, and the same whenever it is asked. */
export const runId = (release: VaultRelease, server: string): string =>
  createHash("sha256")
    .update(`${release.metadata.name}\n${release.spec.image.digest}\n${server}`)
    .digest("hex")
    .slice(0, 12);

/** The runs that migrate the vaults' databases: their label, and the series' name on the server. */
export const fleetSeries = (release: VaultRelease, server: string): MigrationSeries => ({
  name: `fleet-${runId(release, server)}`,
  template: release.spec.template,
});

/** Name of the Job that makes a golden template, and of its Secret. */
export const jobName = (release: VaultRelease, server: string, attempt: number): string =>
  `golden-${runId(release, server)}-${attempt}`;

export const runLabels = (release: VaultRelease, server: string, run: string): Record<string, string> => ({
  [vaultLabels.managedBy]: managedBy,
  [migrationLabels.release]: release.metadata.name,
  [migrationLabels.server]: server,
  [migrationLabels.run]: run,
});

/** The NetworkPolicy that lets this server's migrations reach it. */
export const egressName = (server: string): string => `server-${server}`;
