import { clusterAccess } from "../../kube/cluster-access.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { kubeContract } from "../contract/kube-contract.ts";
import { started } from "../harness/started.ts";

kubeContract("the live client", () => {
  const access = clusterAccess(started.kubeconfig());
  const kube = createLiveKube({ access, fieldManager: "contract" });
  return Promise.resolve({
    kube,
    patienceMs: 60_000,
    stop: () => {
      kube.close();
      return Promise.resolve();
    },
  });
});
