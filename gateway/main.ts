import pino from "pino";
import { clusterAccess } from "../kube/cluster-access.ts";
import { createLiveKube } from "../kube/live-kube.ts";
import { backendOrigin } from "./backend-origin.ts";
import { readConfig, type GatewayConfig } from "./config.ts";
import { createGateway } from "./gateway.ts";
import { createHostTable } from "./host-table.ts";
import { watchTenantRoutes } from "./tenant-routes.ts";

/** Lines are gathered for up to a second: one write for many requests. */
const createLog = (level: string) => {
  const out = pino.destination({ sync: false, minLength: 4096, periodicFlush: 1000 });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out);
  return { log, flush: () => out.flushSync() };
};

const start = async (config: GatewayConfig): Promise<void> => {
  const { log, flush } = createLog(config.logLevel);
  const kube = createLiveKube({ access: clusterAccess(config.kubeconfig), fieldManager: "polyphony-gateway" });
  const table = createHostTable(config);
  const routes = watchTenantRoutes({ kube, table, selector: config.tenantSelector, log });
  const gateway = createGateway({
    config,
    table,
    originOf: backendOrigin(config.backendOriginTemplate),
    synced: () => routes.synced(),
    watchAgeMs: () => routes.watchAgeMs(),
    log,
    processMetrics: true,
  });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping: what is under way is finished first");
    await gateway.stop();
    await routes.stop();
    kube.close();
    log.info({}, "stopped");
    flush();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));

  const ports = await gateway.listen();
  routes.start();
  log.info({ ...ports, baseDomain: config.baseDomain }, "listening");
  flush();
};

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
