import { ForeignObjectError } from "./errors.ts";
import type { GoldenFacts, GoldenSpec, MigratorLogin } from "./tenant-database.ts";

/** What is to be done to a golden template, in order. */
export type GoldenEffect =
  | "CreateTemplateRoles"
  | "CreateGolden"
  | "OpenGolden"
  | "GrantDefaults"
  | "EnableMigrator"
  | "GrantGolden"
  | "VacuumGolden"
  | "WarmGolden"
  | "CloseGolden"
  | "DropGolden";

/** Time that a migration run must still have; less, and its login is extended. */
export const enoughMs = 20 * 60_000;

const refuseForeign = (facts: GoldenFacts | null, server: string): void => {
  if (facts && !facts.ours) throw new ForeignObjectError("database", facts.database, server);
};

const enabledFor = (facts: GoldenFacts, migrator: MigratorLogin): boolean =>
  facts.migratorEnabledUntil !== null &&
  migrator.validUntil.getTime() - facts.migratorEnabledUntil.getTime() < enoughMs;

/** Up to the point where the migrations can run; empty when they can, or when the template is ready. Pure. */
export const planDraft = (facts: GoldenFacts | null, migrator: MigratorLogin, server: string): GoldenEffect[] => {
  refuseForeign(facts, server);
  if (facts?.state === "ready") return [];
  if (facts?.state === "migrating") return enabledFor(facts, migrator) ? [] : ["EnableMigrator"];
  const create: GoldenEffect[] = facts?.exists ? [] : ["CreateGolden"];
  return ["CreateTemplateRoles", ...create, "OpenGolden", "GrantDefaults", "EnableMigrator"];
};

/** From migrated to ready: warmed by one connect after the last change inside it, then closed. Pure. */
export const planFinish = (facts: GoldenFacts | null, server: string): GoldenEffect[] => {
  refuseForeign(facts, server);
  if (facts?.state === "ready") return [];
  if (facts?.state === "migrating" && !facts.allowConnections) return ["CloseGolden"];
  return ["GrantGolden", "VacuumGolden", "WarmGolden", "CloseGolden"];
};

export const planDropGolden = (facts: GoldenFacts | null, server: string): GoldenEffect[] => {
  if (!facts) return [];
  refuseForeign(facts, server);
  return ["DropGolden"];
};

/** The comment that says what a golden template's database is. */
export const goldenMarker = ({
  release,
  template,
  digest,
}: Pick<GoldenSpec, "release" | "template" | "digest">): string =>
  JSON.stringify({ polyphony: "golden", release, template, digest });
