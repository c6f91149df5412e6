import type { HostTable } from "./host-table.ts";
import type { Notice } from "./pages/notice.ts";
import { insteadOfVault, nobodyHere, notHere, unreachable } from "./pages/notices.ts";
import type { Target } from "./request-target.ts";
import type { PlatformRoutes } from "./platform-routes.ts";
import type { Backend, VaultRoute } from "./vault-route.ts";

/** What is to be done with a request. */
export type Answer =
  | { readonly kind: "start-page" }
  | { readonly kind: "notice"; readonly notice: Notice }
  /** Console and API. */
  | { readonly kind: "platform"; readonly origin: string; readonly settled: true }
  | {
      readonly kind: "vault";
      readonly route: VaultRoute;
      readonly origin: string;
      /** The vault runs, so that a refused connection is worth waiting for: it may be rolling. */
      readonly settled: boolean;
    };

export interface AnswerOptions {
  readonly table: HostTable;
  readonly platformRoutes: PlatformRoutes;
  readonly baseDomain: string;
  /** Where a backend is to be reached; undefined when it may not be. */
  readonly originOf: (backend: Backend) => string | undefined;
}

/** Decides from the table alone; asks nobody. */
export const createAnswer =
  ({ table, platformRoutes, baseDomain, originOf }: AnswerOptions) =>
  ({ host, path }: Target): Answer => {
    const platform = platformRoutes.get(host);
    if (platform !== undefined) return { kind: "platform", origin: platform, settled: true };
    const route = table.find(host);
    if (!route) {
      if (host !== baseDomain) return { kind: "notice", notice: nobodyHere(host) };
      return path === "/" || path.startsWith("/?") ? { kind: "start-page" } : { kind: "notice", notice: notHere };
    }
    const notice = insteadOfVault(route);
    if (notice) return { kind: "notice", notice };
    const origin = route.backend && originOf(route.backend);
    if (!origin) return { kind: "notice", notice: unreachable(route, "unreachable") };
    return { kind: "vault", route, origin, settled: route.phase === "Active" || route.phase === "ReadOnly" };
  };
