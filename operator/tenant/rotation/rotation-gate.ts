import type { TenantStatus } from "../../../crds/index.ts";
import type { TenantCaches } from "../caches.ts";
import { isRotating } from "./rotation.ts";

/** As many vaults replace their secrets at a time when it is the schedule that asks. */
export const rotationsAtOnce = 4;

/** Lets few vaults rotate at a time, also when many are looked at in the same moment. */
export interface RotationGate {
  /** Whether one more may begin by the schedule. */
  isOpen(): boolean;
  /** What was just recorded of a tenant; the cache learns of it a moment later. */
  recorded(slug: string, status: TenantStatus): void;
  /** It is gone, or on its way. */
  forget(slug: string): void;
}

export const createRotationGate = ({ tenants }: Pick<TenantCaches, "tenants">): RotationGate => {
  const begun = new Set<string>();
  return {
    isOpen: () => {
      const known = tenants.byIndex("rotating", "yes").map(({ key }) => key);
      return new Set([...known, ...begun]).size < rotationsAtOnce;
    },
    recorded: (slug, status) => {
      if (isRotating(status)) begun.add(slug);
      else begun.delete(slug);
    },
    forget: (slug) => void begun.delete(slug),
  };
};
