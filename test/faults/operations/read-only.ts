import type { Operation } from "./operation.ts";
import { active, editTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

export const readOnly: Operation = {
  name: "read-only",
  is: "spec.access becomes ReadOnly",
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) => editTenant(world, subject, { spec: { access: "ReadOnly" } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, { phase: "ReadOnly", pods: 1 }),
};

export const readWrite: Operation = {
  name: "read-write",
  is: "a read-only Tenant becomes ReadWrite again",
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject, { access: "ReadOnly" }),
  act: (world, subject) => editTenant(world, subject, { spec: { access: "ReadWrite" } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, active),
};
