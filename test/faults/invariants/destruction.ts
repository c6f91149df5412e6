import { vaultIdOfName } from "../../../operator/database/names.ts";
import type { Passing } from "../proxies/effect.ts";
import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import { namespaceOf } from "../../../operator/tenant/names.ts";
import type { Finding } from "./finding.ts";

/** Looks at everything destructive before it happens. */
export interface DestructionGuard {
  /** What was destroyed, or was about to be, without the right to it. */
  readonly findings: readonly Finding[];
  stop(): void;
}

/** Whether the operator has read, from the API server itself and not long ago, that this vault is to go. */
const hasProof = ({ reads }: World, vaultId: string): boolean =>
  reads.some(({ call, status, body, atMs }) => {
    if (status !== 200 || performance.now() - atMs > 60_000 || !body.includes(vaultId)) return false;
    if (call.resource === "retainedvaults") return true;
    return call.resource === "tenants" && body.includes('"deletionTimestamp"');
  });

const wasOpened = async ({ admin }: World, vaultId: string): Promise<boolean> => {
  const rows = await admin.runIn<{ opened: boolean }>(
    "polyphony_control",
    "SELECT opened_at IS NOT NULL AS opened FROM polyphony.vault WHERE vault_id = $1",
    [vaultId],
  );
  return rows[0]?.opened ?? false;
};

const droppedDatabase = ({ text }: Passing): string | null => {
  const name = /DROP DATABASE (?:IF EXISTS )?"?(vault_[0-9a-f]{32})"?/i.exec(text)?.[1];
  return name ? vaultIdOfName(name) : null;
};

export const guardDestruction = (world: World, subjects: readonly Subject[]): DestructionGuard => {
  const findings: Finding[] = [];
  const accuse = (what: string): void => void findings.push({ invariant: "I5", what });

  const judgeDatabase = async (vaultId: string): Promise<void> => {
    if (!(await wasOpened(world, vaultId))) return;
    const owner = subjects.find(({ mayGo }) => mayGo.has(vaultId));
    if (!owner) accuse(`the database of ${vaultId} was to be dropped, which nobody asked for`);
    else if (!hasProof(world, vaultId)) accuse(`the database of ${vaultId} was to be dropped without a fresh look`);
  };

  const judgeNamespace = (name: string): void => {
    const asked = subjects.some(({ mayStop }) => [...mayStop].some((vaultId) => namespaceOf(vaultId) === name));
    if (name.startsWith("vault-") && !asked) accuse(`the namespace ${name} was to be deleted, which nobody asked for`);
  };

  world.gate.guard = async (passing) => {
    const dropped = passing.system === "postgres" ? droppedDatabase(passing) : null;
    if (dropped !== null) await judgeDatabase(dropped);
    const namespace = /^delete namespaces (\S+)/.exec(passing.what)?.[1];
    if (namespace) judgeNamespace(namespace);
  };
  return { findings, stop: () => void (world.gate.guard = undefined) };
};
