import { kinds } from "../../../kube/kinds.ts";
import { labels } from "../../../operator/tenant/names.ts";
import type { Operation } from "./operation.ts";
import { deleteTenant, goneUnsettled, prepareTenant, vaultOf } from "./steps.ts";

export const deleteForGood: Operation = {
  name: "delete",
  is: "a Tenant with retention 0s is deleted: nothing is left",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: async (world, subject) => {
    subject.mayGo.add(vaultOf(subject));
    await deleteTenant(world, subject);
  },
  unsettled: goneUnsettled,
};

export const retain: Operation = {
  name: "retain",
  is: "a Tenant with a retention time is deleted: its database is kept, closed",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject, { retention: "720h" }),
  act: deleteTenant,
  unsettled: async (world, subject) => {
    const gone = await goneUnsettled(world, subject);
    if (gone) return gone;
    const labelSelector = `${labels.vaultId}=${vaultOf(subject)}`;
    const kept = await world.kube.list(kinds.retainedVault, { labelSelector });
    return kept.length === 1 ? undefined : `${kept.length} RetainedVaults are there`;
  },
};
