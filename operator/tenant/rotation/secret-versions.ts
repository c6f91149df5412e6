import type { LoginSlot, VaultDatabaseFacts } from "../../database/tenant-database.ts";
import { slots } from "../../database/vault-plan.ts";
import type { World } from "../world.ts";

/** Which versions of a vault's secrets are in force. All of them are derived from the master key. */
export type SecretVersions = { database: number; databaseLogin: LoginSlot; signing: number };

export const firstVersions: SecretVersions = { database: 1, databaseLogin: "a", signing: 1 };

/** What a vault's pods are given: its versions, and the other signing keys that they accept. */
export type SecretSet = SecretVersions & { accepted: number[] };

/** The newest password that the operator has set on the server, and on which login; null when none is known. */
const newestPassword = (facts: VaultDatabaseFacts | null): { version: number; slot: LoginSlot } | null => {
  const set = slots.flatMap((slot) => {
    const version = facts?.roles[slot]?.passwordVersion ?? null;
    return version === null ? [] : [{ version, slot }];
  });
  return set.sort((one, other) => other.version - one.version)[0] ?? null;
};

/**
 * The versions in force. The status says them; but a status may be old (read after a restart) or lost (a Tenant that
 * comes back), and a password never goes back, so the server's own record wins where it is newer.
 */
export const versionsOf = ({ tenant, database }: Pick<World, "tenant" | "database">): SecretVersions => {
  const recorded = tenant.status?.secretVersions;
  const newest = newestPassword(database);
  if (newest === null || (recorded && recorded.database >= newest.version)) return recorded ?? firstVersions;
  return { signing: 1, ...recorded, database: newest.version, databaseLogin: newest.slot };
};

/** All that the vault's pods are to have right now; while a new signing key is announced, it is accepted beforehand. */
export const secretSetOf = (world: Pick<World, "tenant" | "database">): SecretSet => {
  const versions = versionsOf(world);
  const signing = world.tenant.status?.rotation?.signing;
  const earlier = (signing?.accepted ?? []).map(({ version }) => version);
  const announced = signing?.step === "Announce" ? [versions.signing + 1] : [];
  return { ...versions, accepted: [...announced, ...earlier] };
};

/** The set in a few characters, as pods carry it in an annotation: which of them still run on an earlier one. */
export const secretSetLabel = ({ database, databaseLogin, signing, accepted }: SecretSet): string =>
  `password-${databaseLogin}${database}_key-${[signing, ...accepted].join("-")}`;
