import { kind, kinds } from "../../../kube/kinds.ts";
import type { Kind } from "../../../kube/kube.ts";
import type { Subject } from "../world/subject.ts";
import { manifests } from "../world/manifests.ts";
import type { World } from "../world/world.ts";
import type { Finding } from "./finding.ts";

const coreEvent = kind("v1", "Event", "events", true);

/** Every password and key that this plan had to do with. */
const canariesOf = ({ secrets, canaries }: World, subject: Subject): string[] => [
  ...canaries,
  secrets.derive(`${manifests.server}/${manifests.template}`, "migrator-password", 1),
  ...subject.vaults.flatMap((vaultId) =>
    [1, 2, 3].flatMap((version) => [
      secrets.derive(vaultId, "database-password", version),
      secrets.derive(vaultId, "signing-key", version),
    ]),
  ),
];

/** Looks for secrets wherever people and programs without the right to them look. */
export const findSecrets = async (world: World, subject: Subject, log: string): Promise<Finding[]> => {
  const { kube } = world;
  const about = subject.slugs.map((slug) => ({ fieldSelector: `involvedObject.name=${slug}` }));
  const open: [where: string, kind: Kind, selection?: object][] = [
    ...about.map((selection): [string, Kind, object] => ["an Event", coreEvent, selection]),
    ["a Tenant", kinds.tenant],
    ["a DatabaseServer", kinds.databaseServer],
    ["a VaultRelease", kinds.vaultRelease],
    ["a RetainedVault", kinds.retainedVault],
    ["a Job", kinds.job],
    ["a Lease", kinds.lease],
  ];
  const texts: [where: string, text: string][] = [["the operator's log", log]];
  for (const [where, of, selection = {}] of open) texts.push([where, JSON.stringify(await kube.list(of, selection))]);
  const canaries = canariesOf(world, subject);
  return texts
    .filter(([, text]) => canaries.some((canary) => text.includes(canary)))
    .map(([where]) => ({ invariant: "I9", what: `a secret stands in ${where}` }));
};
