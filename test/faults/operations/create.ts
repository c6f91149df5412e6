import type { Operation } from "./operation.ts";
import { active, createTenant, tenantUnsettled } from "./steps.ts";

export const create: Operation = {
  name: "create",
  is: "a Tenant is applied",
  serves: false,
  prepare: () => Promise.resolve(),
  act: (world, subject) => createTenant(world, subject),
  unsettled: (world, subject) => tenantUnsettled(world, subject, active),
};
