import { scramVerifier } from "../database/scram.ts";
import { vaultDatabaseName, vaultLoginName } from "../database/names.ts";
import type { VaultDatabaseSpec } from "../database/tenant-database.ts";
import { planVault } from "../database/vault-plan.ts";
import { RetryableError, StalledError, WaitingError } from "../outcome.ts";
import { applyChildren, pruneChildren } from "./children/apply-children.ts";
import { type Finding, firstFinding, gates } from "./checks.ts";
import { privateClientKey } from "./client-key.ts";
import type { ChildProjection } from "./children/children.ts";
import type { TenantDeps } from "./deps.ts";
import type { Desired } from "./desired-vault.ts";
import { childrenDigest } from "./children/desired-memory.ts";
import { type DesiredChild, desiredChildren } from "./desired.ts";
import { databaseDrift } from "./drift/database-drift.ts";
import { desiredDigest, type DriftWatch, watchDrift } from "./drift/drift-watch.ts";
import { namespaceOf, publicUrl } from "./names.ts";
import { keepsOtherLogin } from "./rotation/rotation.ts";
import { secretSetLabel, secretSetOf, versionsOf } from "./rotation/secret-versions.ts";
import { wantedDatabase } from "./wanted-database.ts";
import type { World } from "./world.ts";

/** With more tenants than this waiting or worked on, copying files is quicker than writing the log (docs/benchmarks.md). */
const burst = 20;

/** The world with all that the gates demand; the type says what they have proven. */
type Complete = {
  vaultId: string;
  template: NonNullable<World["template"]>;
  plan: NonNullable<World["plan"]>;
  release: NonNullable<World["release"]>;
  resource: NonNullable<NonNullable<World["server"]>["resource"]>;
  handle: NonNullable<NonNullable<World["server"]>["handle"]>;
};

const complete = (world: World): Complete => {
  const judged = firstFinding(world, gates);
  const { vaultId, template, plan, release, server } = world;
  if (!judged && vaultId !== null && template && plan && release && server?.resource && server.handle) {
    return { vaultId, template, plan, release, resource: server.resource, handle: server.handle };
  }
  const unclear: Finding = { reason: "Waiting", message: "Not all is known yet.", needs: "time" };
  const { reason, message, needs } = judged?.finding ?? unclear;
  // No change of any object would say that a server can be asked again, so it is asked again by itself.
  if (reason === world.databaseError?.reason) throw new RetryableError(reason, message);
  if (needs === "person") throw new StalledError(reason, message);
  throw new WaitingError(reason, message, 2_000);
};

const databaseUrl = (world: World, { vaultId, handle }: Complete, password: string): string =>
  handle.urlFor({
    database: vaultDatabaseName(vaultId),
    user: vaultLoginName(vaultId, versionsOf(world).databaseLogin),
    password,
  });

const desiredVault = (world: World, known: Complete, deps: TenantDeps): Desired => {
  const { image, port, internalPort, needs } = known.template.spec;
  const { spec: release } = known.release;
  const set = secretSetOf(world);
  const signingKey = (version: number): string => deps.secrets.derive(known.vaultId, "signing-key", version);
  const password = deps.secrets.derive(known.vaultId, "database-password", set.database);
  return {
    slug: world.tenant.metadata.name,
    vaultId: known.vaultId,
    namespace: namespaceOf(known.vaultId),
    publicUrl: publicUrl(deps.settings.publicUrlTemplate, world.tenant.metadata.name),
    spec: world.tenant.spec,
    template: { image, port, internalPort, needs },
    plan: known.plan,
    release: { image: release.image, commands: release.commands },
    server: { spec: { networkPeers: known.resource.spec.networkPeers } },
    secrets: {
      databaseUrl: databaseUrl(world, known, password),
      signingKey: signingKey(set.signing),
      acceptedSigningKeys: set.accepted.map(signingKey),
      clientKey: deps.settings.registryUrl ? privateClientKey(deps.secrets, known.vaultId, set.signing) : undefined,
      label: secretSetLabel(set),
    },
    settings: deps.settings,
  };
};

const databaseSpec = (world: World, known: Complete, deps: TenantDeps): VaultDatabaseSpec => {
  const wanted = wantedDatabase({ ...world, ...known });
  const derive = (subject: string): string => deps.secrets.derive(subject, "database-password", wanted.passwordVersion);
  return {
    ...wanted,
    keepOtherLogin: keepsOtherLogin(world),
    // Costs milliseconds, so only when a password is set.
    verifier: () => {
      const salt = derive(`${known.vaultId}/salt`).slice(0, 16);
      return scramVerifier(derive(known.vaultId), Buffer.from(salt, "utf8"));
    },
    strategy: deps.backlog() > burst ? "FILE_COPY" : "WAL_LOG",
  };
};

/** A database that the Tenant names is taken over before anything else is built; refused, nothing is. */
const adoptDatabase = async (
  { tenant, database }: World,
  { handle, release, template }: Complete,
  spec: VaultDatabaseSpec,
): Promise<void> => {
  const named = tenant.spec.adoptDatabase;
  if (!named || database?.database?.finished) return;
  await handle.adopt(spec, {
    database: named.name,
    release: release.metadata.name,
    schemaVersion: release.spec.schemaVersion,
    writableWhenReadOnly: template.spec.writableWhenReadOnly ?? [],
  });
};

/** A server that knows nothing of a vault that ran is the wrong one, or an empty one: no new database is made there. */
const refuseEmptyServer = ({ tenant, database, server }: World): void => {
  if (database || !tenant.status?.release) return;
  throw new StalledError(
    "DatabaseLost",
    `The DatabaseServer "${server?.name ?? ""}" knows nothing of this vault, which had its database there. No empty one takes ` +
      `its place: point the DatabaseServer at the right server, restore it from a backup, or delete the Tenant.`,
  );
};

const convergeDatabase = async (
  world: World,
  { handle }: Complete,
  spec: VaultDatabaseSpec,
  watch: DriftWatch,
): Promise<boolean> => {
  refuseEmptyServer(world);
  const drifts = databaseDrift(spec, world.database, watch.suspicion);
  if (drifts.some((drift) => watch.holds(drift))) return false;
  if (drifts.length === 0 && planVault(spec, world.database, handle.name).length === 0) return false;
  await handle.converge(spec);
  for (const drift of drifts) watch.corrected(drift);
  return true;
};

/** The objects as they should be, in stages; null when all of them are so already, and no other is there. */
const unsettledStages = ({ children }: World, vault: Desired, digest: string): DesiredChild[][] | null =>
  childrenDigest([...children.values()]) === digest ? null : desiredChildren(vault);

/** What was written, as the API server answered; `changed`: the world may not be any more as it was read. */
export type Converged = { written: Map<string, ChildProjection>; changed: boolean };

/**
 * Makes it so: database and Kubernetes objects in parallel, as they share nothing (the password is derived). Writes
 * nothing that is in sync, and tells what had been changed by hand. Throws what stands in the way; both sides have
 * ended by then.
 */
export const converge = async (world: World, deps: TenantDeps): Promise<Converged> => {
  const known = complete(world);
  const { vaultId } = known;
  const vault = desiredVault(world, known, deps);
  const wanted = deps.desired.digestOf(vault);
  const stages = unsettledStages(world, vault, wanted);
  const spec = databaseSpec(world, known, deps);
  const digest = desiredDigest(wanted, spec);
  const watch = watchDrift({ vaultId, digest, ledger: deps.drift, tell: (event) => deps.tell(world.tenant, event) });
  await adoptDatabase(world, known, spec);
  const [objects, database] = await Promise.allSettled([
    stages ? applyChildren(deps.kube, world.children, stages, watch) : new Map<string, ChildProjection>(),
    convergeDatabase(world, known, spec, watch),
  ]);
  watch.report();
  if (database.status === "rejected") throw database.reason;
  if (objects.status === "rejected") throw objects.reason;
  if (stages) await pruneChildren(deps.kube, world.children, stages, watch);
  watch.report();
  watch.settle();
  return { written: objects.value, changed: stages !== null || database.value };
};
