import type { RetainedVault } from "../../crds/index.ts";
import type { TenantDeps, TenantEvent } from "../tenant/deps.ts";

/** What the RetainedVault reconciler works with. */
export type RetainedDeps = Pick<TenantDeps, "kube" | "caches" | "servers" | "clock"> & {
  tell: (retained: RetainedVault, event: TenantEvent) => void;
};
