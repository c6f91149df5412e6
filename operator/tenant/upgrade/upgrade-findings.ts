import { nextTry } from "../../migration/next-try.ts";
import type { Finding } from "../checks.ts";
import { annotations } from "../names.ts";
import type { World } from "../world.ts";

const instant = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

const annotate = (world: World, annotation: string): string =>
  `kubectl annotate --overwrite tenant ${world.tenant.metadata.name} ${annotation}=$(date -u +%FT%TZ)`;

/** What serves now, for sentences that say that nothing is lost. */
const servesOn = ({ tenant }: World): string =>
  tenant.status?.release ? ` The vault serves on ${tenant.status.release.name}.` : "";

const finding = (world: World, found: Omit<Finding, "serves">): Finding => ({
  ...found,
  // One that runs serves all the same; one that never did waits for it.
  serves: world.tenant.status?.release !== undefined,
});

const migrationFailed = (world: World, detail: string, at: Date): Finding =>
  finding(world, {
    reason: "MigrationFailed",
    message:
      `The migration to ${world.wanted.name ?? "the wanted release"} failed: ${detail}${servesOn(world)} ` +
      `It is tried again at ${instant(at)}; to try now: ${annotate(world, annotations.retryRequestedAt)}`,
    needs: "person",
  });

/** What is wrong with the schema: why the database does not yet carry the wanted release. */
export const schemaFinding = (world: World): Finding | null => {
  const { hold, wanted, migration, tenant, database } = world;
  if (!hold || hold.why === "Window") return null;
  const release = wanted.name ?? "the wanted release";
  const needed = wanted.release?.spec.schemaVersion ?? 0;
  if (hold.why === "SchemaLeftBehind") {
    return finding(world, {
      reason: "SchemaLeftBehind",
      message:
        `${release} needs schema ${needed}, and the database serves only releases from schema ${hold.oldestSupported} on.` +
        `${servesOn(world)} Follow a newer release, or restore a backup from before.`,
      needs: "person",
    });
  }
  if (hold.why === "GoldenTemplate") {
    const why = hold.message ? ` ${hold.message}` : "";
    if (!hold.failed)
      return finding(world, {
        reason: "GoldenTemplatePending",
        message: `The golden template of ${release} comes first.${why}${servesOn(world)}`,
        needs: "time",
      });
    return finding(world, {
      reason: "GoldenTemplateFailed",
      message: `The migrations of ${release} failed on its golden template, so no vault is migrated.${why}${servesOn(world)}`,
      needs: "person",
    });
  }
  if (migration?.lastFailure) return migrationFailed(world, migration.lastFailure.detail, nextTry(migration, tenant));
  return finding(world, {
    reason: "MigrationPending",
    message: `The database is migrated from schema ${database?.schema?.version ?? 0} to ${needed} for ${release}.${servesOn(world)}`,
    needs: "time",
  });
};

const heldBack = (world: World): Finding => {
  const { hold, wanted, release } = world;
  const name = wanted.name ?? "The wanted release";
  const stays = `the vault stays on ${release?.metadata.name ?? "what it runs"}`;
  if (hold?.why !== "Window")
    return {
      ...(schemaFinding(world) ?? {
        reason: "UpgradePending",
        message: `${name} is wanted; ${stays} for now.`,
        needs: "time",
      }),
    };
  const goNow = `To go now: ${annotate(world, annotations.upgradeRequestedAt)}`;
  if (hold.opensAt)
    return {
      reason: "WindowClosed",
      message: `${name} is wanted; ${stays} until its maintenance window opens at ${instant(hold.opensAt)}. ${goNow}`,
      needs: "time",
    };
  const zone = world.tenant.spec.maintenanceWindow?.timeZone ?? "";
  return {
    reason: "WindowInvalid",
    message: `${name} is wanted; ${stays}, as its maintenance window is in the unknown time zone "${zone}". Correct it, for example Europe/Oslo. ${goNow}`,
    needs: "person",
  };
};

/** Why the vault does not run the wanted release; null when it does, or is just being rolled over. */
export const upgradeFinding = (world: World): Finding | null => {
  const { hold, wanted, tenant, template } = world;
  if (hold) return finding(world, heldBack(world));
  if (wanted.release) return null;
  if (wanted.name === null) {
    const known =
      Object.keys(template?.spec.channels ?? {})
        .sort()
        .join(", ") || "none";
    const message = `The VaultTemplate has no channel "${tenant.spec.release.channel}". Its channels: ${known}.`;
    return finding(world, { reason: "ChannelUnknown", message, needs: "person" });
  }
  const message = `There is no VaultRelease "${wanted.name}": publish it, or pin another in spec.release.pin.`;
  return finding(world, { reason: "ReleaseMissing", message: `${message}${servesOn(world)}`, needs: "person" });
};
