import { startControlPlane } from "./control-plane.ts";
import { startPostgres } from "./postgres.ts";

/** What a test run has started, and the names by which its suites find it. */
export interface TestServices {
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts the control plane and PostgreSQL side by side; `POLYPHONY_TEST_ONLY=postgres` or `=kubernetes` starts just one. What the environment
 * names already (by hand with `node test/harness/run.ts`) is used as it is and not stopped.
 */
export async function startTestServices(env: NodeJS.ProcessEnv = process.env): Promise<TestServices> {
  const only = env["POLYPHONY_TEST_ONLY"];
  const wantKubernetes = only !== "postgres" && !env["POLYPHONY_TEST_KUBECONFIG"];
  const wantPostgres = only !== "kubernetes" && !env["POLYPHONY_TEST_PG_ADMIN_URL"];
  const started = await Promise.allSettled([
    wantKubernetes ? startControlPlane() : undefined,
    wantPostgres ? startPostgres() : undefined,
  ]);
  const [kubernetes, postgres] = started.map((one) => (one.status === "fulfilled" ? one.value : undefined));
  const stop = async () => {
    await Promise.all([kubernetes?.stop(), postgres?.stop()]);
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const found: Record<string, string> = {};
  if (kubernetes && "kubeconfigPath" in kubernetes) {
    found["POLYPHONY_TEST_KUBECONFIG"] = kubernetes.kubeconfigPath;
    found["POLYPHONY_TEST_KUBECTL"] = kubernetes.kubectl;
  }
  if (postgres && "adminUrl" in postgres) {
    found["POLYPHONY_TEST_PG_ADMIN_URL"] = postgres.adminUrl;
    found["POLYPHONY_TEST_PG_OPERATOR_URL"] = postgres.operatorUrl;
    found["POLYPHONY_TEST_PG_BIN"] = postgres.bin;
  }
  return { env: found, stop };
}
