import { createHash } from "node:crypto";
import type { Tenant, TenantStatus } from "../../../crds/index.ts";
import { durationMs } from "../../duration.ts";
import { vaultIdOf } from "../caches.ts";
import { firstFinding, gates } from "../checks.ts";
import { annotations } from "../names.ts";
import { secretSetLabel, secretSetOf, type SecretVersions, versionsOf } from "./secret-versions.ts";
import { otherSlot } from "../../database/vault-plan.ts";
import { isSuspended, type World } from "../world.ts";

/**
 * Replacing a vault's database password and signing key without a failed request. What is recorded in the status is the
 * intent; each step is taken only when the world shows that the one before is done, so any of them may be cut off.
 *
 *   password: idle login gets a new password ─ Secret ─ pods roll over ─ old login closed, its sessions ended
 *   key:      Announce: pods accept the new key as well ─ Switch: pods sign with it and still accept the old one
 */
export type RotationKind = "database" | "signing";
const rotationKinds = ["database", "signing"] as const satisfies readonly RotationKind[];

type Rotation = NonNullable<TenantStatus["rotation"]>;

/** What decides when a rotation may begin by itself. */
export type RotationPolicy = {
  /** A secret older than this is replaced, in ms; 0: only on request. */
  afterMs: number;
  /** Few vaults roll over at a time, however many are due. */
  mayBegin: boolean;
};

export const onRequestOnly: RotationPolicy = { afterMs: 0, mayBegin: false };

/** How long anything signed with a key can be good: a session of 30 days, and a day for clocks. */
const signedLifeMs = durationMs("744h");

const requestedBy: Record<RotationKind, string> = {
  database: annotations.rotateDatabase,
  signing: annotations.rotateSigning,
};

const instant = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

/** The request that has not been taken up yet, or undefined. Each new value of the annotation is one. */
const openRequest = (tenant: Tenant, kind: RotationKind): string | undefined => {
  const asked = tenant.metadata.annotations?.[requestedBy[kind]]?.slice(0, 256);
  return asked === tenant.status?.rotation?.[kind]?.request ? undefined : asked;
};

/** Up to a tenth earlier, by vault, so that a fleet made in one hour does not roll over in one hour. */
const earlierMs = (vaultId: string, afterMs: number): number =>
  (createHash("sha256").update(vaultId).digest().readUInt32BE(0) / 2 ** 32) * 0.1 * afterMs;

const ageMs = (tenant: Tenant, kind: RotationKind, now: Date): number =>
  now.getTime() - Date.parse(tenant.status?.rotation?.[kind]?.rotatedAt ?? tenant.metadata.creationTimestamp);

/** Whether the schedule says that this secret is to be replaced. */
const isDue = (tenant: Tenant, kind: RotationKind, afterMs: number, now: Date): boolean =>
  afterMs > 0 && ageMs(tenant, kind, now) >= afterMs - earlierMs(vaultIdOf(tenant) ?? "", afterMs);

/** Whether a rotation of any kind is to begin by the schedule. */
export const isAnyDue = (tenant: Tenant, afterMs: number, now: Date): boolean =>
  rotationKinds.some((kind) => isDue(tenant, kind, afterMs, now));

/** Whether a secret is a quarter older than it should ever get. */
export const isOverdue = (tenant: Tenant, afterMs: number, now: Date): boolean =>
  afterMs > 0 && rotationKinds.some((kind) => ageMs(tenant, kind, now) > afterMs * 1.25);

export const hasOpenRequest = (tenant: Tenant): boolean =>
  rotationKinds.some((kind) => openRequest(tenant, kind) !== undefined);

/** Whether a rotation is recorded as under way. */
export const isRotating = (status: TenantStatus | undefined): boolean =>
  rotationKinds.some((kind) => status?.rotation?.[kind]?.startedAt !== undefined);

/** Whether a rotation is under way on the server that the status knows nothing of, as it is old or lost. */
export const isAhead = (world: Pick<World, "tenant" | "database">): boolean => {
  const recorded = world.tenant.status?.secretVersions;
  const { database, databaseLogin } = versionsOf(world);
  if (recorded) return recorded.database !== database;
  const other = world.database?.roles[otherSlot(databaseLogin)];
  return Boolean(other?.canLogin) && other?.passwordVersion !== null;
};

/** While true, both logins may connect: pods of the old and of the new password run side by side. */
export const keepsOtherLogin = (world: World): boolean =>
  (world.tenant.status?.rotation?.database?.startedAt !== undefined || isAhead(world)) && !hasSettled(world);

/** Every pod that there is, those that are stopping included, runs with the secrets that are in force. */
const hasSettled = (world: World): boolean => {
  const wanted = secretSetLabel(secretSetOf(world));
  const { workload, secretsInUse } = world;
  if (!workload.exists || !workload.rolledOut || !secretsInUse) return false;
  return secretsInUse.deployment === wanted && secretsInUse.pods.every((one) => one === wanted);
};

const isOtherClosed = ({ database }: World, { databaseLogin }: SecretVersions): boolean => {
  const other = database?.roles[otherSlot(databaseLogin)];
  return Boolean(other) && !other?.canLogin && other?.sessions === 0;
};

type Recorded = { secretVersions: SecretVersions; rotation: Rotation };

const done = ({ request }: { request?: string | undefined }, now: Date) => ({
  rotatedAt: instant(now),
  ...(request === undefined ? {} : { request }),
});

/** What there is to record after what was seen: a step done, or the next one. */
const advance = (world: World, { secretVersions, rotation }: Recorded, now: Date): Recorded => {
  const { database, signing } = rotation;
  const next: Recorded = { secretVersions, rotation: { ...rotation } };
  if (!hasSettled(world)) return next;
  if (database?.startedAt && isOtherClosed(world, secretVersions)) next.rotation.database = done(database, now);
  const stillGood = (signing?.accepted ?? []).filter(({ until }) => Date.parse(until) > now.getTime());
  if (signing?.step === "Announce") {
    const until = instant(new Date(now.getTime() + signedLifeMs));
    const accepted = [{ version: secretVersions.signing, until }, ...stillGood].slice(0, 8);
    next.secretVersions = { ...secretVersions, signing: secretVersions.signing + 1 };
    next.rotation.signing = { ...signing, step: "Switch", accepted };
  }
  if (signing?.step === "Switch") {
    next.rotation.signing = { ...done(signing, now), ...(signing.accepted ? { accepted: signing.accepted } : {}) };
  }
  return next;
};

const begin = (recorded: Recorded, kinds: RotationKind[], tenant: Tenant, now: Date): Recorded => {
  const { secretVersions, rotation } = recorded;
  const next: Recorded = { secretVersions: { ...secretVersions }, rotation: { ...rotation } };
  for (const kind of kinds) {
    const step = kind === "database" ? "Switch" : "Announce";
    const request = openRequest(tenant, kind);
    next.rotation[kind] = { ...rotation[kind], step, startedAt: instant(now), ...(request ? { request } : {}) };
  }
  if (kinds.includes("database")) {
    next.secretVersions.database += 1;
    next.secretVersions.databaseLogin = otherSlot(secretVersions.databaseLogin);
  }
  return next;
};

/** Which rotations begin now: those asked for as soon as the vault can be worked on, those due while all is well. */
const beginning = (world: World, { afterMs, mayBegin }: RotationPolicy, now: Date): RotationKind[] => {
  const { tenant, database, workload } = world;
  if (!database?.database?.finished || !workload.exists || firstFinding(world, gates)) return [];
  const asked = rotationKinds.filter((kind) => openRequest(tenant, kind) !== undefined);
  if (asked.length > 0) return asked;
  const calm = firstFinding(world) === null || isSuspended(world);
  return mayBegin && calm ? rotationKinds.filter((kind) => isDue(tenant, kind, afterMs, now)) : [];
};

/** Which versions and which rotation the status is to record next. Pure; undefined parts are left out. */
export const nextRotation = (
  world: World,
  policy: RotationPolicy,
  now: Date,
): Pick<TenantStatus, "secretVersions" | "rotation"> => {
  const { status, metadata } = world.tenant;
  const known = status?.secretVersions !== undefined || world.database?.database?.finished === true;
  if (world.vaultId === null || !known || metadata.deletionTimestamp) {
    return { secretVersions: status?.secretVersions, rotation: status?.rotation };
  }
  const recorded: Recorded = { secretVersions: versionsOf(world), rotation: { ...status?.rotation } };
  if (isAhead(world)) {
    recorded.rotation.database = { step: "Switch", startedAt: instant(now), ...recorded.rotation.database };
  }
  const underWay = isRotating(status) || isAhead(world);
  const next = underWay
    ? advance(world, recorded, now)
    : begin(recorded, beginning(world, policy, now), world.tenant, now);
  return {
    secretVersions: next.secretVersions,
    rotation: Object.keys(next.rotation).length > 0 ? next.rotation : undefined,
  };
};
