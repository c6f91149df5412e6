import type { DatabaseServer } from "../database/tenant-database.ts";
import { RetryableError, WaitingError } from "../outcome.ts";
import type { TenantDeps } from "./deps.ts";

/** The database server, where the vault has one. Throws while it cannot be asked: nothing is decided without it. */
export const serverFor = (
  name: string,
  { servers, caches }: Pick<TenantDeps, "servers" | "caches">,
): DatabaseServer => {
  const handle = servers.get(name);
  if (handle) return handle;
  const resource = caches.servers.get(name)?.value;
  if (!resource)
    throw new RetryableError(
      "DatabaseServerMissing",
      `There is no DatabaseServer "${name}", which holds the vault's database: create it again, so that the database can be closed.`,
    );
  const ready = resource.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True")
    throw new WaitingError(
      "DatabaseServerConnecting",
      `The operator is connecting to the DatabaseServer "${name}".`,
      500,
    );
  throw new RetryableError(
    "DatabaseServerUnreachable",
    `The DatabaseServer "${name}" cannot be reached, so the vault's database is left as it is. ` +
      `Bring it back (kubectl describe databaseserver ${name}), and the deletion goes on by itself.`,
  );
};
