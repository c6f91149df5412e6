import { setTimeout as sleep } from "node:timers/promises";
import { isAlreadyExists } from "../../../kube/errors.ts";
import { vaultDatabaseName } from "../../../operator/database/names.ts";
import type { Operation } from "./operation.ts";
import type { Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import {
  active,
  createTenant,
  deleteTenant,
  findTenant,
  prepareTenant,
  settleWithinMs,
  tenantUnsettled,
  vaultOf,
} from "./steps.ts";

/** The new Tenant, when it is there although the answer that said so was lost. */
const madeAlready = async (world: World, subject: Subject, old: string): Promise<string | undefined> => {
  const there = await findTenant(world, subject).catch(() => undefined);
  return there && there.metadata.uid !== old ? there.metadata.uid : undefined;
};

/**
 * The API server has the old Tenant as long as it holds a finalizer, and may be away for a while; whoever registers tries
 * until it takes the new one, or until the plan has failed for want of it.
 */
const registerAgain = async (world: World, subject: Subject): Promise<void> => {
  const old = vaultOf(subject);
  const end = performance.now() + settleWithinMs;
  while (performance.now() < end) {
    try {
      await createTenant(world, subject);
      return;
    } catch (error) {
      const made = isAlreadyExists(error) ? await madeAlready(world, subject, old) : undefined;
      if (made) {
        subject.vaults.push(made);
        return;
      }
      await sleep(20);
    }
  }
};

export const reregister: Operation = {
  name: "reregister",
  is: "a Tenant is deleted for good and its slug is registered again at once: nothing of the old one is seen",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: async (world, subject) => {
    subject.mayGo.add(vaultOf(subject));
    await deleteTenant(world, subject);
    void registerAgain(world, subject);
  },
  unsettled: async (world, subject) => {
    if (subject.vaults.length < 2) return "the slug is not free yet";
    const unsettled = await tenantUnsettled(world, subject, active);
    if (unsettled) return unsettled;
    const rows = await world.admin.runIn(vaultDatabaseName(vaultOf(subject)), "SELECT name FROM member");
    return rows.length === 0 ? undefined : "the new vault has rows of the old one";
  },
};
