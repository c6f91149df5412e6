import { kinds } from "../../../kube/kinds.ts";
import { vaultDatabaseName } from "../../../operator/database/names.ts";
import { labels } from "../../../operator/tenant/names.ts";
import { retain } from "./delete.ts";
import type { Operation } from "./operation.ts";
import { active, createTenant, settle, slugOf, tenantUnsettled, vaultOf } from "./steps.ts";

export const restore: Operation = {
  name: "restore",
  is: "a deleted Tenant is brought back under another slug by spec.restoreFrom, with every row",
  serves: false,
  prepare: async (world, subject) => {
    await retain.prepare(world, subject);
    await retain.act(world, subject);
    await settle("the vault is kept", () => retain.unsettled(world, subject));
  },
  act: async (world, subject) => {
    const labelSelector = `${labels.vaultId}=${vaultOf(subject)}`;
    const [kept] = await world.kube.list(kinds.retainedVault, { labelSelector });
    const organization = { id: `org-${slugOf(subject)}`, name: `Choir ${slugOf(subject)}` };
    subject.slugs.push(`${slugOf(subject)}-again`);
    const restoreFrom = kept?.metadata?.name ?? "";
    await createTenant(world, subject, { organization, restoreFrom, retention: "720h" });
  },
  unsettled: async (world, subject) => {
    const unsettled = await tenantUnsettled(world, subject, active);
    if (unsettled) return unsettled;
    const database = vaultDatabaseName(vaultOf(subject));
    const rows = await world.admin.runIn(database, "SELECT FROM member WHERE name = 'Planted by the test'");
    return rows.length === 1 ? undefined : `${rows.length} of the row planted before are there`;
  },
};
