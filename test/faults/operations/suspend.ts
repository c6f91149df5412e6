import type { Operation } from "./operation.ts";
import { active, editTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

export const suspend: Operation = {
  name: "suspend",
  is: "spec.activity becomes Suspended",
  serves: false,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) => editTenant(world, subject, { spec: { activity: "Suspended" } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, { phase: "Suspended", pods: 0 }),
};

export const resume: Operation = {
  name: "resume",
  is: "a suspended Tenant becomes Running again",
  serves: false,
  prepare: async (world, subject) => {
    await suspend.prepare(world, subject);
    await suspend.act(world, subject);
    for (let tries = 0; (await suspend.unsettled(world, subject)) !== undefined && tries < 300; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
  },
  act: (world, subject) => editTenant(world, subject, { spec: { activity: "Running" } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, active),
};
