import type { DatabaseServer } from "../../crds/index.ts";
import type { Clock } from "../../kube/clock.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Change, Reflector } from "../../kube/reflector.ts";
import { FencedError } from "../database/errors.ts";
import type { DatabaseServers, VaultDatabaseFacts } from "../database/tenant-database.ts";
import { from, type Reconcile, type Source } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { sameValue } from "../same-value.ts";
import { done, type Outcome, RetryableError, StalledError, wait } from "../outcome.ts";
import { fieldManager } from "../tenant/names.ts";
import { serverConnection } from "./server-connection.ts";
import { serverStatus, type Visit } from "./server-status.ts";

export interface DatabaseServerDeps {
  kube: Kube;
  cache: Pick<Reflector<DatabaseServer>, "get">;
  servers: DatabaseServers;
  clock: Clock;
  /** Tenants that live on this server; it cannot be deleted while there are any. Null while that is not known yet. */
  tenantsOn: (server: string) => number | null;
  /** Vaults of deleted Tenants that are kept on it. */
  retainedOn?: (server: string) => number;
  /** Given all that there is of vaults on the server at each visit, so that what a hand changed is found. */
  swept?: (server: string, facts: ReadonlyMap<string, VaultDatabaseFacts>) => void;
  /** Told when the server becomes ready or stops being it. */
  tell?: (server: DatabaseServer, event: { type: "Normal" | "Warning"; reason: string; message: string }) => void;
}

export const databaseServerKind = typed<DatabaseServer>(kinds.databaseServer);
export const serverFinalizer = "polyphony.dev/database-server";

/** Each server is asked this often for itself and for all vaults on it; away, it is looked for sooner. */
const probeEveryMs = 30_000;
const lookForItEveryMs = 5_000;
/** Asking for all sizes takes seconds on thousands of databases. */
const measureEveryMs = 10 * 60_000;

const readyOf = (status: DatabaseServer["status"]) => status?.conditions?.find(({ type }) => type === "Ready");

const holdFinalizer = async (server: DatabaseServer, kube: Kube): Promise<void> => {
  const { name, uid, resourceVersion, finalizers = [] } = server.metadata;
  if (finalizers.includes(serverFinalizer)) return;
  const metadata = { uid, resourceVersion, finalizers: [...finalizers, serverFinalizer] };
  await kube.patch(databaseServerKind, { name }, { metadata });
};

/** Takes the finalizer off once no Tenant is left on it; databases on the server itself are never touched here. */
const letGo = async (server: DatabaseServer, deps: DatabaseServerDeps): Promise<Outcome> => {
  const { name, uid, resourceVersion, finalizers = [] } = server.metadata;
  if (!finalizers.includes(serverFinalizer)) return done();
  const tenants = deps.tenantsOn(name);
  if (tenants === null) return wait(lookForItEveryMs, "TenantsUnknown", "The Tenants are being read.");
  if (tenants > 0)
    return wait(probeEveryMs, "InUse", `${tenants} Tenants live on this server; it stays until they are gone.`);
  const retained = deps.retainedOn?.(name) ?? 0;
  if (retained > 0)
    return wait(
      probeEveryMs,
      "InUse",
      `${retained} retained vaults are kept on this server; it stays until they are gone.`,
    );
  await deps.servers.disconnect(name);
  const left = finalizers.filter((one) => one !== serverFinalizer);
  await deps.kube
    .patch(databaseServerKind, { name }, { metadata: { uid, resourceVersion, finalizers: left } })
    .catch(ignoreNotFound);
  return done();
};

const writeStatus = async (server: DatabaseServer, visit: Visit, deps: DatabaseServerDeps): Promise<void> => {
  const status = serverStatus(server, visit, deps.clock.now());
  if (sameValue(status, server.status)) return;
  const { name, uid } = server.metadata;
  const body = { apiVersion: server.apiVersion, kind: server.kind, metadata: { name, uid }, status };
  await deps.kube.applyStatus(databaseServerKind, body as unknown as DatabaseServer, { force: true, fieldManager });
  const [was, is] = [readyOf(server.status), readyOf(status)];
  if (!is || (was?.status === is.status && was.reason === is.reason)) return;
  const type = is.status === "True" ? "Normal" : "Warning";
  deps.tell?.(server, { type, reason: is.reason, message: is.message });
};

/** Connects (or keeps the connection), looks, and says how the server is. Safe to run at any time, twice. */
export const reconcileDatabaseServer = (deps: DatabaseServerDeps): Reconcile => {
  const measured = new Map<string, number>();

  const visit = async (resource: DatabaseServer): Promise<Visit> => {
    const { name } = resource.metadata;
    try {
      const server = await deps.servers.connect(name, await serverConnection(resource, deps.kube));
      const now = deps.clock.now().getTime();
      if (now - (measured.get(name) ?? -Infinity) >= measureEveryMs) {
        await server.measure();
        measured.set(name, now);
      }
      const facts = await server.probe();
      deps.swept?.(name, await server.observeAll());
      return { ok: true, facts, findings: deps.servers.findings(name) };
    } catch (error) {
      // A newer leader writes the status now; this process is about to end.
      if (error instanceof FencedError) throw error;
      if (error instanceof RetryableError || error instanceof StalledError)
        return { ok: false, reason: error.reason, message: error.message };
      throw error;
    }
  };

  const reconcile = async (name: string): Promise<Outcome> => {
    const resource = deps.cache.get(name)?.value;
    if (!resource) {
      measured.delete(name);
      await deps.servers.disconnect(name);
      return done();
    }
    if (resource.metadata.deletionTimestamp) return letGo(resource, deps);
    await holdFinalizer(resource, deps.kube);
    const seen = await visit(resource);
    await writeStatus(resource, seen, deps);
    return seen.ok
      ? wait(probeEveryMs, "Ready", "The server is looked at again.")
      : wait(lookForItEveryMs, seen.reason, seen.message);
  };
  return (name) => reconcile(name).catch(outcomeOf);
};

/** What wakes the reconciler: the resource itself, not the echo of its status. */
export const databaseServerSources = (cache: Reflector<DatabaseServer>): Source[] => [
  from(cache, ({ key, old, now }: Change<DatabaseServer>) => {
    const same =
      old?.metadata.generation === now?.metadata.generation &&
      old?.metadata.deletionTimestamp === now?.metadata.deletionTimestamp;
    return old && now && same ? [] : [key];
  }),
];
