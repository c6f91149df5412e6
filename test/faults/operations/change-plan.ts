import type { Operation } from "./operation.ts";
import { editTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

export const changePlan: Operation = {
  name: "change-plan",
  is: "the plan becomes a larger one: two pods, more of everything, more connections",
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) => editTenant(world, subject, { spec: { plan: "umbrella" } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, { phase: "Active", pods: 2 }),
};
