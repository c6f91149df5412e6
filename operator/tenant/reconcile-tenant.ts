import type { Tenant, TenantStatus } from "../../crds/index.ts";
import { isNotFound } from "../../kube/errors.ts";
import type { Reconcile } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { done, type Outcome, RetryableError, wait } from "../outcome.ts";
import { sameValue } from "../same-value.ts";
import { vaultIdOf, withoutManagedFields } from "./caches.ts";
import { heldStatus } from "./deletion/admit-deletion.ts";
import { claim } from "./identity/claim.ts";
import type { ChildProjection } from "./children/children.ts";
import { publicClientKeys } from "./client-key.ts";
import { converge } from "./converge.ts";
import type { TenantDeps } from "./deps.ts";
import { gather, tenantKind } from "./gather.ts";
import { isOverLimit, type Measure, measureAgainMs, measuredLimits } from "./limits.ts";
import { fieldManager } from "./names.ts";
import { createOwnWrites, type OwnWrites } from "./own-writes.ts";
import { isRotating } from "./rotation/rotation.ts";
import { createRotationGate, type RotationGate } from "./rotation/rotation-gate.ts";
import { livingTenant, sayFarewell } from "./deletion/say-farewell.ts";
import { versionsOf } from "./rotation/secret-versions.ts";
import { statusOf } from "./status.ts";
import { upgradeWait } from "./upgrade/upgrade-wait.ts";
import { eventsOf } from "./tenant-events.ts";
import type { World } from "./world.ts";

/** How soon to look again at a tenant that is on its way, in case no change of its objects comes first. */
const lookAgainMs = 5_000;
/** Pods that stop change nothing that is watched, so they are asked for while secrets are replaced. */
const rotatingMs = 1_000;

/** `world`: as it was read, when nothing was done that could have changed it. */
type Worked = { tenant: Tenant; outcome: Outcome; written: Map<string, ChildProjection>; world?: World };

const work = async (seen: Tenant, deps: TenantDeps): Promise<Worked> => {
  const step: Worked = { tenant: seen, outcome: done(), written: new Map() };
  try {
    step.tenant = await claim(seen, deps);
    const world = await gather(step.tenant, deps);
    const { written, changed } = await converge(world, deps);
    step.written = written;
    if (!changed) step.world = world;
  } catch (error) {
    step.outcome = outcomeOf(error);
  }
  return step;
};

/** What the limits say of the vault; one that cannot be measured now is measured at the next visit. */
const limitsOf = async (world: World, { clock, secrets }: TenantDeps): Promise<TenantStatus["limits"]> => {
  const { vaultId, server, tenant, database } = world;
  const before = tenant.status?.limits;
  const handle = server?.handle;
  if (vaultId === null || !handle || !database?.database?.finished || tenant.metadata.deletionTimestamp) return before;
  const { database: version, databaseLogin: slot } = versionsOf(world);
  const login = { slot, password: secrets.derive(vaultId, "database-password", version) };
  const measure: Measure = (meters) => handle.measureUsage(vaultId, login, meters);
  return measuredLimits(world, measure, clock.now()).catch((error: unknown) => {
    if (error instanceof RetryableError) return before;
    throw error;
  });
};

/** Writes the status when it differs, and tells people what changed. */
const report = async (
  world: World,
  outcome: Outcome,
  failures: number,
  deps: TenantDeps,
  held: boolean,
  { gate, own }: { gate: RotationGate; own: OwnWrites },
): Promise<TenantStatus> => {
  const { tenant } = world;
  const { publicUrlTemplate, registryUrl } = deps.settings;
  const now = deps.clock.now();
  const limits = await limitsOf(world, deps);
  // From here to `recorded` nothing else runs: no two see the same place free.
  const rotation = { afterMs: deps.settings.rotateSecretsAfterMs, mayBegin: gate.isOpen() };
  const clientKeys = registryUrl ? publicClientKeys(deps.secrets, world) : undefined;
  const living = statusOf({ world, outcome, failures, publicUrlTemplate, now, rotation, limits, clientKeys });
  const status = held ? heldStatus(tenant, living, now) : living;
  gate.recorded(tenant.metadata.name, status);
  if (sameValue(status, tenant.status)) return status;
  const { name, uid } = tenant.metadata;
  const body = { apiVersion: tenant.apiVersion, kind: tenant.kind, metadata: { name, uid }, status };
  const answer = await deps.kube.applyStatus(tenantKind, body as unknown as Tenant, { force: true, fieldManager });
  own.wrote(withoutManagedFields(answer));
  for (const event of eventsOf(tenant.status, status)) deps.tell(tenant, event);
  return status;
};

/** When to look again at a tenant whose work is done, in case no change of its objects comes first. */
const afterwards = ({ spec }: Tenant, status: TenantStatus, upgrade: Outcome | null): Outcome => {
  if (isRotating(status)) return wait(rotatingMs, "Rotating", "The vault's secrets are being replaced.");
  const ready = status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
  if (!ready && spec.activity !== "Suspended") return wait(lookAgainMs, "Provisioning", "The vault is on its way.");
  if (upgrade) return upgrade;
  return isOverLimit(status.limits)
    ? wait(measureAgainMs, "LimitsExceeded", "The vault holds more than its limits allow.")
    : done();
};

/** A new leader that has not reached a server yet knows nothing new of the vaults on it: what was reported stands. */
const isUnknown = ({ status }: Tenant, outcome: Outcome): boolean =>
  outcome.kind === "wait" && outcome.reason === "DatabaseServerConnecting" && status?.release !== undefined;

/** Level-triggered: reads the world, makes it so, reads it again and says what is. Safe to run at any time, twice. */
export const reconcileTenant = (deps: TenantDeps): Reconcile => {
  const gate = createRotationGate(deps.caches);
  const own = createOwnWrites();
  const visit: Reconcile = async (slug, { failures }) => {
    const cached = deps.caches.tenants.get(slug)?.value;
    if (!cached) {
      gate.forget(slug);
      return done();
    }
    const seen = own.newest(cached);
    const held = seen.metadata.deletionTimestamp !== undefined;
    if (held) {
      const farewell = await sayFarewell(seen, deps);
      if (farewell) {
        gate.forget(slug);
        deps.drift.forget(vaultIdOf(seen) ?? "");
        deps.desired.forget(vaultIdOf(seen) ?? "");
        return farewell;
      }
    }
    const { tenant, outcome, written, ...read } = await work(livingTenant(seen), deps);
    if (isUnknown(tenant, outcome)) return outcome;
    const world = read.world ?? (await gather(tenant, deps, written));
    const status = await report(world, outcome, failures + 1, deps, held, { gate, own }).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    const upgrade = upgradeWait(world.hold, deps.clock.now());
    return outcome.kind === "done" && status ? afterwards(tenant, status, upgrade) : outcome;
  };
  return (slug, context) => visit(slug, context).catch(outcomeOf);
};
