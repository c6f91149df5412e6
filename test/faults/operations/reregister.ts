import { setTimeout as sleep } from "node:timers/promises";
import { isAlreadyExists } from "../../../kube/errors.ts";
import { vaultDatabaseName } from "../../../operator/database/names.ts";
import type { Operation } from "./operation.ts";
import { active, createTenant, deleteTenant, prepareTenant, tenantUnsettled, vaultOf } from "./steps.ts";

export const reregister: Operation = {
  name: "reregister",
  is: "a Tenant is deleted for good and its slug is registered again at once: nothing of the old one is seen",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: async (world, subject) => {
    subject.mayGo.add(vaultOf(subject));
    await deleteTenant(world, subject);
    // The API server has the old one as long as it holds a finalizer; whoever registers tries until it is gone.
    void (async () => {
      for (;;) {
        try {
          await createTenant(world, subject);
          return;
        } catch (error) {
          if (!isAlreadyExists(error)) return;
          await sleep(20);
        }
      }
    })();
  },
  unsettled: async (world, subject) => {
    if (subject.vaults.length < 2) return "the slug is not free yet";
    const unsettled = await tenantUnsettled(world, subject, active);
    if (unsettled) return unsettled;
    const rows = await world.admin.runIn(vaultDatabaseName(vaultOf(subject)), "SELECT name FROM member");
    return rows.length === 0 ? undefined : "the new vault has rows of the old one";
  },
};
