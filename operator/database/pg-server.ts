import type { Clock } from "../../kube/clock.ts";
import { DatabaseError } from "./errors.ts";
import { prepareServer } from "./pg-control.ts";
import { createPgAdoption } from "./pg-adoption.ts";
import { raiseFence } from "./pg-fence.ts";
import { createPgGolden } from "./pg-golden.ts";
import type { PgLink } from "./pg-link.ts";
import { createPgMigrations } from "./pg-migrations.ts";
import { measureServer, probeServer, readServer } from "./pg-probe.ts";
import { createPgUsage } from "./pg-usage.ts";
import { createPgVaults } from "./pg-vaults.ts";
import { vaultUrl } from "./vault-url.ts";
import type { DatabaseServer } from "./tenant-database.ts";

const oldestVersion = 150_000;

/** Refuses a server that is too old, or a role that may not do the work, before anything is written. */
const requireSuitable = async (link: PgLink): Promise<void> => {
  const server = await link.outside(readServer);
  if (server.versionNumber < oldestVersion)
    throw new DatabaseError(
      "DatabaseServerTooOld",
      `Database server "${link.name}" is PostgreSQL ${server.version}; version 15 or later is needed. Upgrade it.`,
    );
  const missing = [server.canCreateRole ? "" : "CREATEROLE", server.canCreateDatabase ? "" : "CREATEDB"].filter(
    Boolean,
  );
  if (missing.length > 0)
    throw new DatabaseError(
      "DatabaseServerRightsMissing",
      `The operator's role on database server "${link.name}" lacks ${missing.join(" and ")}. ` +
        `Run as the server's administrator: ALTER ROLE <the role in the connection Secret> ${missing.join(" ")};`,
    );
};

export interface PgServerOptions {
  link: PgLink;
  capacity: number;
  clock: Clock;
  /** The process that holds the epoch: the pod's name. */
  holder: string;
}

/** One real server, before or after it was fenced. */
export const createPgServer = ({ link, capacity, clock, holder }: PgServerOptions): DatabaseServer => ({
  name: link.name,
  probe: () => probeServer(link),
  measure: () => measureServer(link),
  async prepare() {
    await requireSuitable(link);
    return prepareServer(link);
  },
  fence: () => raiseFence(link, holder),
  urlFor: (login) => vaultUrl(link.name, link.connection, login),
  ...createPgVaults(link, capacity, clock),
  ...createPgAdoption(link, capacity),
  ...createPgUsage(link),
  ...createPgGolden(link),
  ...createPgMigrations(link),
});
