import { existsSync } from "node:fs";
import { tryCommand, type CommandResult } from "../../../cluster/machine/run-command.ts";
import { readClusterState, stateFiles, type ClusterState } from "../../../cluster/state.ts";
import { kubeconfigAccess } from "../../../kube/cluster-access.ts";
import type { Kube } from "../../../kube/kube.ts";
import { createLiveKube } from "../../../kube/live-kube.ts";

/** Names that the demo installs under. */
export const demoNames = {
  system: "polyphony-system",
  operator: "polyphony-operator",
  postgresql: "polyphony-postgresql",
  baseDomain: "polyphony.localhost",
  gatewayPort: 8080,
  inbox: "http://127.0.0.1:8025",
  postgresPort: 15432,
} as const;

/** The demo installation as its administrator sees it. */
export type Demo = {
  cluster: ClusterState["kind"];
  kube: Kube;
  /** kubectl as people use it; never throws for an exit code other than 0. */
  kubectl(args: string[], input?: string): Promise<CommandResult>;
  close(): void;
};

/** The public address of a vault of the demo. */
export const vaultUrl = (slug: string): string =>
  `http://${slug}.${demoNames.baseDomain}:${String(demoNames.gatewayPort)}`;

/**
 * Connects to the demo of this checkout; an inherited KUBECONFIG is ignored. Suites that break things refuse a cluster
 * that was not made for it.
 * @throws Error that says how to start the demo.
 */
export const openDemo = async ({ breaksThings = false } = {}): Promise<Demo> => {
  const state = await readClusterState();
  if (!state || !existsSync(stateFiles.kubectl)) {
    throw new Error(
      "There is no demo installation: start it with `make demo`, or run this suite with `make test-e2e`.",
    );
  }
  if (breaksThings && state.kind === "current") {
    throw new Error("This suite breaks things on purpose, so it refuses CLUSTER=current: use CLUSTER=local or kind.");
  }
  const kube = createLiveKube({ access: kubeconfigAccess(stateFiles.kubeconfig), fieldManager: "polyphony-e2e" });
  const env = { KUBECONFIG: stateFiles.kubeconfig };
  return {
    cluster: state.kind,
    kube,
    kubectl: (args, input) =>
      tryCommand(stateFiles.kubectl, args, { env, timeoutMs: 300_000, ...(input === undefined ? {} : { input }) }),
    close: () => kube.close(),
  };
};
