import { kinds } from "../../../kube/kinds.ts";
import { vaultDatabaseName, vaultLoginName } from "../../../operator/database/names.ts";
import { namespaceOf } from "../../../operator/tenant/names.ts";
import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import type { Operation } from "./operation.ts";
import { active, prepareTenant, tenantUnsettled, vaultOf } from "./steps.ts";

/** What a hand with too many rights does to a vault's objects. */
const spoilObjects = async ({ kube }: World, subject: Subject): Promise<void> => {
  const namespace = namespaceOf(vaultOf(subject));
  const ref = { namespace, name: "vault" };
  await kube.delete(kinds.networkPolicy, { namespace, name: "default-deny" });
  await kube.delete(kinds.secret, ref);
  await kube.patch(kinds.resourceQuota, ref, { spec: { hard: { pods: "100" } } });
  await kube.patch(kinds.limitRange, ref, { metadata: { labels: { "polyphony.dev/tenant": "somebody-else" } } });
  await kube.patch(kinds.serviceAccount, ref, { automountServiceAccountToken: true });
  await kube.patch(
    kinds.namespace,
    { name: namespace },
    { metadata: { labels: { "pod-security.kubernetes.io/enforce": null } } },
  );
  await kube.patch(kinds.service, ref, { spec: { selector: { "app.kubernetes.io/name": "other" } } });
  await kube.patch(kinds.deployment, ref, {
    spec: { replicas: 0, template: { spec: { terminationGracePeriodSeconds: 5 } } },
  });
};

/** And to its database. */
const spoilDatabase = async ({ admin }: World, subject: Subject): Promise<void> => {
  const [database, a, b] = [
    vaultDatabaseName(vaultOf(subject)),
    vaultLoginName(vaultOf(subject), "a"),
    vaultLoginName(vaultOf(subject), "b"),
  ];
  await admin.run(
    `ALTER ROLE ${a} CREATEDB CONNECTION LIMIT 1;
     ALTER ROLE ${a} SET work_mem = '64MB';
     REVOKE choir_rw FROM ${b};
     REVOKE CONNECT ON DATABASE ${database} FROM ${b};
     ALTER DATABASE ${database} SET search_path = nowhere`,
  );
};

const serverVisited = async ({ admin }: World, subject: Subject): Promise<boolean> => {
  const rows = await admin.run(`SELECT FROM pg_roles WHERE rolname = $1 AND NOT rolcreatedb AND rolconnlimit > 1`, [
    vaultLoginName(vaultOf(subject), "a"),
  ]);
  return rows.length === 1;
};

export const drift: Operation = {
  name: "drift",
  is: "objects, labels, roles, grants and settings are changed and deleted by hand, all at once (32)",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: async (world, subject) => {
    await spoilDatabase(world, subject);
    await spoilObjects(world, subject);
  },
  unsettled: async (world, subject) => {
    const namespace = namespaceOf(vaultOf(subject));
    for (const [kind, name] of [
      [kinds.networkPolicy, "default-deny"],
      [kinds.secret, "vault"],
    ] as const)
      if (!(await world.kube.find(kind, { namespace, name }))) return `${kind.kind} ${name} is not back`;
    const deployment = await world.kube.find(kinds.deployment, { namespace, name: "vault" });
    if (deployment?.spec?.replicas !== 1) return "the Deployment is not as it was";
    if (!(await serverVisited(world, subject))) return "the role is not as it was";
    return tenantUnsettled(world, subject, active);
  },
};
