import { ignoreNotFound } from "../../../kube/errors.ts";
import type { Operation } from "./operation.ts";
import { prepareTenant, tenantKind } from "./steps.ts";

const count = 7;
/** The breaker's own limit for an hour. */
const mayGo = 5;

export const massDelete: Operation = {
  name: "mass-delete",
  is: `${count} Tenants are deleted at once and nobody has approved it: the breaker holds what is too many, and those serve on (36)`,
  serves: false,
  varies: true,
  prepare: async (world, subject) => {
    const [first = ""] = subject.slugs;
    for (let made = 0; made < count; made += 1) {
      if (made > 0) subject.slugs.push(`${first}-${made}`);
      await prepareTenant(world, subject, { retention: "720h" });
    }
  },
  act: async (world, subject) => {
    for (const vaultId of subject.vaults) subject.mayStop.add(vaultId);
    await Promise.all(subject.slugs.map((name) => world.kube.delete(tenantKind, { name }).catch(ignoreNotFound)));
  },
  unsettled: async (world, subject) => {
    const tenants = await Promise.all(subject.slugs.map((name) => world.kube.find(tenantKind, { name })));
    const left = tenants.flatMap((tenant) => tenant ?? []);
    const gone = count - left.length;
    if (gone > mayGo) return `${gone} are gone, ${mayGo} at most may go`;
    const held = left.filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === "DeletionHeld" && is === "True"),
    );
    if (held.length < left.length) return `${held.length} of ${left.length} are held`;
    const asleep = held.filter(({ status }) => status?.phase !== "Active").map(({ metadata }) => metadata.name);
    return asleep.length > 0 ? `${asleep.join(", ")} should serve on while they are held` : undefined;
  },
};
