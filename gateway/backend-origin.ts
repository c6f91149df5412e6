import type { Backend } from "./vault-route.ts";

/** The vault's public port is the only one a gateway may speak to; this one has its metrics and health. */
const internalPort = 9090;

/**
 * Where to connect to for a backend, by a template such as "http://{service}.{namespace}.svc.cluster.local.:{port}".
 * Undefined for a vault's internal port, which is never routed.
 */
export const backendOrigin =
  (template: string) =>
  (backend: Backend): string | undefined =>
    backend.port === internalPort
      ? undefined
      : template
          .replace("{service}", backend.service)
          .replace("{namespace}", backend.namespace)
          .replace("{port}", String(backend.port));
