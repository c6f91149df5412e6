import type { Tenant, VaultRelease, VaultTemplate } from "../../../crds/index.ts";
import { type SchemaFacts, servesOn } from "../../database/vault-migrations.ts";
import { windowAt, type WindowState } from "./maintenance-window.ts";
import { annotations, releaseName } from "../names.ts";

/** Why a vault does not go over to the release that is wanted, though that release exists. */
export type Hold =
  /** Until the Tenant's maintenance window opens; null: its time zone is unknown, so it never does. */
  | { why: "Window"; opensAt: Date | null }
  /** The release's golden template on this server comes first. */
  | { why: "GoldenTemplate"; failed: boolean; message: string | null }
  /** The database's own migration is to come, under way, or failed. */
  | { why: "Migration" }
  /** The database has gone on to a schema that the wanted release cannot serve. */
  | { why: "SchemaLeftBehind"; oldestSupported: number };

export interface ReleaseChoice {
  /** The release that is to run now; null when there is none to run. */
  release: VaultRelease | null;
  /** Null when the wanted release is the one to run. */
  hold: Hold | null;
}

export interface ReleaseFacts {
  tenant: Tenant;
  wanted: VaultRelease | null;
  /** The release that runs, as a resource; null before the first, and when it is gone. */
  running: VaultRelease | null;
  /** The database's schema as recorded; null when that is not known. */
  schema: SchemaFacts | null;
  /** The image digest that the Deployment has now. */
  deployed: string | null;
  /** The server that the vault lives on. */
  server: string | null;
  now: Date;
}

/** The release that a Tenant asks for: its pin, or what its channel points at; null when there is no such channel. */
export const wantedReleaseName = ({ spec }: Tenant, template: VaultTemplate | null): string | null => {
  const version = spec.release.pin ?? template?.spec.channels[spec.release.channel];
  return version ? releaseName(spec.template, version) : null;
};

/** Whether the Tenant asks to go now, outside its window, and that has not been done yet. */
export const asksToGoNow = ({ metadata, status }: Tenant): boolean => {
  const asked = metadata.annotations?.[annotations.upgradeRequestedAt]?.slice(0, 64);
  return asked !== undefined && asked !== status?.upgradeRequestAnswered;
};

const alwaysOpen: WindowState = { state: "open", until: new Date(8.64e15) };

/** When this Tenant's upgrades may begin: now, later, or never while its time zone is unknown. */
export const upgradeWindow = (tenant: Tenant, now: Date): WindowState => {
  const { maintenanceWindow } = tenant.spec;
  return !maintenanceWindow || asksToGoNow(tenant) ? alwaysOpen : windowAt(maintenanceWindow, now);
};

const goldenHold = ({ wanted, server }: ReleaseFacts): Hold | null => {
  const golden = wanted?.status?.goldenTemplates?.find((one) => one.server === server);
  if (golden?.state === "Ready") return null;
  return { why: "GoldenTemplate", failed: golden?.state === "Failed", message: golden?.message ?? null };
};

const holdOf = (facts: ReleaseFacts, wanted: VaultRelease, schema: SchemaFacts): Hold | null => {
  const needed = wanted.spec.schemaVersion;
  // It has begun to roll: going back and forth with the window would serve nobody.
  if (facts.deployed === wanted.spec.image.digest && servesOn(schema, needed)) return null;
  if (schema.version >= needed && !servesOn(schema, needed))
    return { why: "SchemaLeftBehind", oldestSupported: schema.oldestSupported };
  const window = upgradeWindow(facts.tenant, facts.now);
  if (window.state !== "open") return { why: "Window", opensAt: window.state === "closed" ? window.opensAt : null };
  return servesOn(schema, needed) ? null : (goldenHold(facts) ?? { why: "Migration" });
};

/** A database of which nothing is recorded has the schema of the release that runs on it. */
const schemaOf = ({ schema, tenant }: ReleaseFacts): SchemaFacts | null => {
  const version = tenant.status?.release?.schemaVersion;
  return schema ?? (version === undefined ? null : { version, oldestSupported: version });
};

/**
 * Which release a vault runs now, and what keeps it from the wanted one. A vault that runs stays on its release until its
 * window is open and its database has a schema on which the wanted one serves; an older release may come back as long as
 * the database's `oldest_supported` lets it. Pure.
 */
export const chooseRelease = (facts: ReleaseFacts): ReleaseChoice => {
  const { tenant, wanted, running } = facts;
  if (!wanted) return { release: running, hold: null };
  const schema = schemaOf(facts);
  if (!tenant.status?.release) {
    // Nothing runs, so there is no window to wait for; a database that comes back may need its migration first.
    if (!schema || servesOn(schema, wanted.spec.schemaVersion)) return { release: wanted, hold: null };
    const behind = schema.version < wanted.spec.schemaVersion;
    const hold: Hold = behind
      ? (goldenHold(facts) ?? { why: "Migration" })
      : { why: "SchemaLeftBehind", oldestSupported: schema.oldestSupported };
    return { release: wanted, hold };
  }
  if (running?.metadata.name === wanted.metadata.name) return { release: wanted, hold: null };
  const hold = schema ? holdOf(facts, wanted, schema) : null;
  return { release: hold ? running : wanted, hold };
};
