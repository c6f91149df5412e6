import type {
  DatabaseServer as DatabaseServerResource,
  Tenant,
  VaultPlan,
  VaultRelease,
  VaultTemplate,
} from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import type { DatabaseServer, VaultDatabaseFacts } from "../database/tenant-database.ts";
import type { MigrationFacts } from "../database/vault-migrations.ts";
import type { ChildKind, ChildProjection } from "./children/children.ts";
import type { Hold } from "./upgrade/release-choice.ts";

/** What is known of one tenant when a reconcile reads the world. */
export type World = {
  tenant: Tenant;
  /** The lasting identity, or null before the Tenant was claimed. */
  vaultId: string | null;
  /** Another live Tenant that holds the same vault id and came first. */
  rival: string | null;
  /** Another live Tenant that serves one of the same custom hosts and came first. */
  hostRival: { host: string; tenant: string } | null;
  template: VaultTemplate | null;
  plan: VaultPlan | null;
  /** The release that the spec asks for. */
  wanted: { name: string | null; release: VaultRelease | null };
  /** The release that runs, or that is to run: differs from wanted while an upgrade cannot go on. */
  release: VaultRelease | null;
  /** What keeps the vault from the wanted release, or null. */
  hold: Hold | null;
  /** How the wanted release's migration went here so far; asked only while it holds the vault back. */
  migration: MigrationFacts | null;
  server: { name: string; resource: DatabaseServerResource | null; handle: DatabaseServer | null } | null;
  /** Null also when the server could not be asked; then `databaseError` says why. */
  database: VaultDatabaseFacts | null;
  databaseError: { reason: Reason; message: string } | null;
  children: ReadonlyMap<string, ChildProjection>;
  workload: WorkloadView;
  endpointsReady: boolean;
  /** Asked only while a rotation is under way. */
  secretsInUse: SecretsInUse | null;
};

/** Nothing runs, as was asked for: the Deployment is to have no pods. The last of them may still be stopping. */
export const isSuspended = ({ tenant, workload }: World): boolean =>
  tenant.spec.activity === "Suspended" && workload.exists && workload.replicas === 0;

/** Which secrets pods run with, as `secretSetLabel` says it: those made from now on, and each that there is, also while it stops. */
export type SecretsInUse = { deployment: string; pods: string[] };

/** How the vault's pods are, as far as it matters to people. */
export type WorkloadView = {
  exists: boolean;
  available: boolean;
  /** The newest generation was rolled out wholly. */
  rolledOut: boolean;
  replicas: number;
  /** The image digest that the Deployment has now; null without one. */
  digest: string | null;
  /** Why pods do not come up, in stable words, or null. */
  trouble: { reason: Reason; message: string } | null;
};

/** The key of a child in `World.children`. */
export const childKey = (kind: ChildKind, name: string): string => `${kind}/${name}`;
