import { kinds } from "../../../kube/kinds.ts";
import { vaultIdOfName } from "../../../operator/database/names.ts";
import { annotations, labels, namespaceOf } from "../../../operator/tenant/names.ts";
import type { World } from "../world/world.ts";
import type { Finding } from "./finding.ts";

/** Joins everything that there is with live Tenants and kept vaults, in both systems. */
export const findOrphans = async ({ kube, admin }: World): Promise<Finding[]> => {
  const [tenants, retained, namespaces] = await Promise.all([
    kube.list(kinds.tenant),
    kube.list(kinds.retainedVault),
    kube.list(kinds.namespace, { labelSelector: labels.vaultId }),
  ]);
  const live = tenants.map(({ metadata }) => metadata?.annotations?.[annotations.vaultId] ?? metadata?.uid ?? "");
  const kept = retained.map(({ spec }) => String(spec?.["vaultId"]));
  const findings: Finding[] = [];
  const orphan = (what: string): void => void findings.push({ invariant: "I2", what: `${what} belongs to nobody` });
  for (const { metadata } of namespaces)
    if (!live.some((vaultId) => namespaceOf(vaultId) === metadata?.name)) orphan(`namespace ${metadata?.name ?? ""}`);
  const names = await admin.run<{ kind: string; name: string }>(
    `SELECT 'database' AS kind, datname::text AS name FROM pg_database WHERE datname ~ '^vault_'
     UNION ALL SELECT 'role', rolname::text FROM pg_roles WHERE rolname ~ '^vault_'`,
  );
  const records = await admin.runIn<{ name: string }>(
    "polyphony_control",
    "SELECT database AS name FROM polyphony.vault",
  );
  for (const { kind, name } of [...names, ...records.map(({ name }) => ({ kind: "record", name }))]) {
    const vaultId = vaultIdOfName(name) ?? "";
    if (!live.includes(vaultId) && !kept.includes(vaultId)) orphan(`${kind} ${name}`);
  }
  for (const vaultId of new Set(live)) {
    const owners = live.filter((one) => one === vaultId).length;
    if (owners > 1) findings.push({ invariant: "I3", what: `${owners} Tenants have the vault ${vaultId}` });
  }
  return findings;
};
