import type { Operation } from "./operation.ts";
import { active, editTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

export const rename: Operation = {
  name: "rename",
  is: "the organization takes another name and another owner",
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) =>
    editTenant(world, subject, {
      spec: { organization: { name: "Kór $(HOME) 'Ægir'" }, owner: { name: "Ola", email: "ola@example.org" } },
    }),
  unsettled: (world, subject) => tenantUnsettled(world, subject, active),
};
