import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startKubectlForwarder } from "./forward/kubectl-forwarder.ts";
import { forwardRoutes } from "./forward/routes.ts";
import { cachedLookup, createServiceLookup } from "./forward/service-lookup.ts";
import { startTcpForwarder } from "./forward/tcp-forwarder.ts";

/**
 * The forwarder's process: binds the addresses that are printed for people and carries them to Services until it is told to stop.
 * With --kubectl it goes through the API server, for clusters whose addresses this machine does not reach.
 */
const { values } = parseArgs({
  options: { kubeconfig: { type: "string" }, kubectl: { type: "string" }, ready: { type: "string" } },
});
if (values.kubeconfig === undefined) throw new Error("say which cluster: --kubeconfig <file>");

let stop: () => void = () => undefined;
if (values.kubectl === undefined) {
  const lookup = cachedLookup(await createServiceLookup(values.kubeconfig), 2000, () => performance.now());
  try {
    const servers = await Promise.all(forwardRoutes.map((route) => startTcpForwarder(route, lookup)));
    stop = () => servers.forEach((server) => server.close());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
} else {
  const through = { kubectl: values.kubectl, kubeconfig: values.kubeconfig };
  const stops = forwardRoutes.map((route) => startKubectlForwarder(route, through));
  stop = () => stops.forEach((one) => one());
}
// Its pid in a file says that the ports are this process's own, and not those of another program that answers there.
if (values.ready !== undefined) await writeFile(values.ready, String(process.pid));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop();
    process.exit(0);
  });
}
