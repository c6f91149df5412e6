import { createHash } from "node:crypto";
import type { LoginSlot } from "./tenant-database.ts";

/** PostgreSQL cuts identifiers off after this many bytes; ours never get there. */
const longestName = 63;

export const controlDatabase = "polyphony_control";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isVaultId = (text: string): boolean => uuid.test(text);

/** The 32 hex digits of a vault id; throws on anything that is not a lower-case UUID, as names are built from it. */
const hexOf = (vaultId: string): string => {
  if (!uuid.test(vaultId)) throw new TypeError(`"${vaultId}" is not a vault id: a lower-case UUID is expected`);
  return vaultId.replaceAll("-", "");
};

export const vaultDatabaseName = (vaultId: string): string => `vault_${hexOf(vaultId)}`;

export const vaultLoginName = (vaultId: string, slot: LoginSlot): string => `vault_${hexOf(vaultId)}_${slot}`;

/** The way back, for reading a server's catalog; null for names that are not a vault's. */
export const vaultIdOfName = (name: string): string | null => {
  const hex = /^vault_([0-9a-f]{32})(?:_[ab])?$/.exec(name)?.[1];
  if (!hex) return null;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/** A Kubernetes name as part of an SQL name: dashes and dots become underscores; too long ends in a digest of the whole. */
const sqlPart = (kubernetesName: string, longest: number): string => {
  const name = kubernetesName.toLowerCase().replaceAll(/[^a-z0-9]/g, "_");
  if (name.length <= longest) return name;
  const digest = createHash("sha256").update(kubernetesName).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - 9)}_${digest}`;
};

export interface TemplateRoles {
  owner: string;
  rw: string;
  ro: string;
  migrator: string;
}

/** The four roles of a VaultTemplate. Names beginning with pg_ are PostgreSQL's own, so such a template is prefixed. */
export const templateRoles = (template: string): TemplateRoles => {
  const part = sqlPart(template, longestName - "_migrator".length - 2);
  const stem = part.startsWith("pg_") ? `t_${part}` : part;
  return { owner: `${stem}_owner`, rw: `${stem}_rw`, ro: `${stem}_ro`, migrator: `${stem}_migrator` };
};

/** The golden template's database of one release: `golden_<release>_<first 8 hex digits of the image digest>`. */
export const goldenName = (release: string, digest: string): string => {
  const hex = digest.replace(/^.*sha256:/, "").slice(0, 8);
  if (!/^[0-9a-f]{8}$/.test(hex))
    throw new TypeError(`"${digest}" is not an image digest: sha256:<64 hex digits> is expected`);
  return `golden_${sqlPart(release, longestName - "golden_".length - 9)}_${hex}`;
};
