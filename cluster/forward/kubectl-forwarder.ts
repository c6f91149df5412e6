import { spawn, type ChildProcess } from "node:child_process";
import type { ForwardRoute } from "./routes.ts";

/** Keeps one `kubectl port-forward` alive per route: it ends whenever its pod goes, and is started again. Returns how to stop it. */
export function startKubectlForwarder(
  route: ForwardRoute,
  options: { kubectl: string; kubeconfig: string },
): () => void {
  let stopped = false;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    const startedAt = performance.now();
    const ports = `${route.port}:${route.servicePort}`;
    const where = ["--namespace", route.namespace, "--address", "127.0.0.1", `service/${route.service}`, ports];
    child = spawn(options.kubectl, ["--kubeconfig", options.kubeconfig, "port-forward", ...where], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", (error) => process.stderr.write(`${error.message}\n`));
    child.on("close", () => {
      // One that lived a while lost its pod; one that ended at once has nothing to go to yet.
      if (!stopped) timer = setTimeout(start, performance.now() - startedAt > 5000 ? 100 : 2000);
    });
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    child?.kill("SIGTERM");
  };
}
