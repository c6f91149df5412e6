import type { Operation } from "./operation.ts";
import { editTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

export const upgrade: Operation = {
  name: "upgrade",
  is: "the Tenant follows the channel of a newer release: its database is migrated, then its pods roll",
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) => editTenant(world, subject, { spec: { release: { channel: "next" } } }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, { phase: "Active", pods: 1, release: "2.0.0" }),
};
