import { kinds } from "../../kube/kinds.ts";
import { labels } from "../names.ts";
import { broken, type Check, notProbed, ok, type Verdict } from "./check.ts";
import { podTrouble } from "./operator-checks.ts";

type Component = {
  /** Of the check, and of the component's label. */
  name: string;
  component: string;
  called: string;
  without: string;
  /** What is said when none is installed. */
  missing: Verdict;
};

/** Whether a Deployment of the chart has a pod that serves. */
const componentServes = ({ name, component, called, without, missing }: Component): Check => ({
  name,
  look: async ({ session }) => {
    const { kube } = session.cluster();
    const selection = { labelSelector: `${labels.name}=polyphony,${labels.component}=${component}` };
    const [deployment] = await kube.list(kinds.deployment, selection);
    if (!deployment) return missing;
    const { name: own = "", namespace } = deployment.metadata ?? {};
    const available = deployment.status?.availableReplicas ?? 0;
    if (available > 0) return ok(`${available} of ${deployment.spec?.replicas ?? 0} pods serve.`);
    const pods = await kube.list(kinds.pod, { namespace, ...selection });
    const why = pods.map(podTrouble).find((trouble) => trouble !== undefined) ?? "No pod is ready.";
    return broken(
      `The ${called} ${namespace ?? ""}/${own} is down: ${without}. ${why}`,
      `kubectl -n ${namespace ?? ""} describe pods -l ${labels.component}=${component}`,
    );
  },
});

export const gatewayServes = componentServes({
  name: "gateway",
  component: "gateway",
  called: "gateway",
  without: "no vault can be reached",
  missing: broken("No gateway is installed: no vault can be reached.", "Install the chart with helm."),
});

const noPlatform = notProbed("None is installed: Tenants are made with kubectl, GitOps or this program.");

export const controlApiServes = componentServes({
  name: "control API",
  component: "control-api",
  called: "control API",
  without: "nobody can register or log in",
  missing: noPlatform,
});

export const workerWorks = componentServes({
  name: "worker",
  component: "control-worker",
  called: "worker",
  without: "no mail is sent and no Tenant is written",
  missing: noPlatform,
});
