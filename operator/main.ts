import { setTimeout as sleep } from "node:timers/promises";
import { clusterAccess } from "../kube/cluster-access.ts";
import { createLiveKube } from "../kube/live-kube.ts";
import { applyCrds } from "./apply-crds.ts";
import { parseConfig } from "./config.ts";
import { createLog } from "./engine/log.ts";
import { askGateway, parseProbeConfig, probeTenant } from "./probe-tenant.ts";
import { runOperator } from "./run-operator.ts";

const usage = `usage: operator [run | apply-crds | probe-tenant]

  run           keep database servers, releases and tenants (the default; settings come from the environment)
  apply-crds    bring the resource definitions of this version to the cluster, and wait until they are served
  probe-tenant  make a Tenant, wait until its vault answers, and remove it with all that it had
`;

const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => controller.abort());
  return controller.signal;
};

/** A client for a command that ends by itself. */
const once = <T>(work: (kube: ReturnType<typeof createLiveKube>) => Promise<T>): Promise<T> => {
  const kube = createLiveKube({ access: clusterAccess(process.env.KUBECONFIG), fieldManager: "polyphony-cli" });
  return work(kube).finally(() => kube.close());
};

const commands: Record<string, () => Promise<number>> = {
  run: () => {
    const config = parseConfig(process.env);
    return runOperator(config, createLog("operator", config.logLevel), stopSignal());
  },
  "apply-crds": () => once((kube) => applyCrds(kube, createLog("apply-crds"), (ms) => sleep(ms))).then(() => 0),
  "probe-tenant": async () => {
    const config = parseProbeConfig(process.env);
    const log = createLog("probe-tenant");
    await once((kube) => probeTenant(config, { kube, ask: askGateway, log, wait: (ms) => sleep(ms) }));
    return 0;
  },
};

const command = commands[process.argv[2] ?? "run"];
if (!command) {
  process.stderr.write(usage);
  process.exit(2);
}
try {
  process.exit(await command());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
