import { sleep } from "../../kube/clock.ts";
import { isNotFound, KubeError } from "../../kube/errors.ts";
import { kind, kinds, type Lease, type Pod } from "../../kube/kinds.ts";
import { several } from "../output/several.ts";
import { labels } from "../names.ts";
import { broken, type Check, notProbed, ok, type Patient } from "./check.ts";

const namespaceOf = ({ operator }: Patient): string => operator?.metadata?.namespace ?? "";
const componentPods = `${labels.name}=polyphony,${labels.component}=operator`;

/** Why a pod does not run, in the kubelet's own words. */
export const podTrouble = (pod: Pod): string | undefined => {
  const waiting = pod.status?.containerStatuses?.find(({ state }) => state?.waiting?.reason)?.state?.waiting;
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (waiting?.reason !== undefined && waiting.reason !== "ContainerCreating")
    return `${pod.metadata?.name ?? ""}: ${waiting.reason}. ${waiting.message ?? ""}`.trim();
  return unscheduled ? `${pod.metadata?.name ?? ""}: no node takes it. ${unscheduled.message ?? ""}`.trim() : undefined;
};

export const operatorRuns: Check = {
  name: "operator",
  look: async (patient) => {
    const { operator, session } = patient;
    if (!operator)
      return broken(
        "No operator is installed in this cluster.",
        "Install the chart with helm; see charts/polyphony/README.md.",
      );
    const available = operator.status?.availableReplicas ?? 0;
    const wanted = operator.spec?.replicas ?? 0;
    const where = `${namespaceOf(patient)}/${operator.metadata?.name ?? ""}`;
    if (available > 0) return ok(`${available} of ${wanted} pods of ${where} are available.`);
    const pods = await session
      .cluster()
      .kube.list(kinds.pod, { namespace: namespaceOf(patient), labelSelector: componentPods });
    const why =
      pods.map(podTrouble).find((trouble) => trouble !== undefined) ??
      (wanted === 0 ? "It is scaled to 0." : "No pod is ready.");
    return broken(
      `No pod of ${where} is available. ${why}`,
      `kubectl -n ${namespaceOf(patient)} describe pods -l ${labels.component}=operator`,
    );
  },
};

const renewedAt = (lease: Lease): string => lease.spec?.renewTime ?? "";

/** Longer than a leader needs between two renewals. */
const renewalMs = 6_000;

export const leaderLeads: Check = {
  name: "leader",
  look: async (patient) => {
    const { kube } = patient.session.cluster();
    const { timer } = patient.session;
    const all = await kube.list(kinds.lease, { namespace: namespaceOf(patient) });
    const leases = all.filter(({ metadata }) => metadata?.name?.startsWith("polyphony-operator"));
    const [lease] = leases.sort((left, right) => renewedAt(right).localeCompare(renewedAt(left)));
    if (!lease?.spec?.holderIdentity)
      return broken(
        "No operator leads: nobody holds the Lease.",
        `kubectl -n ${namespaceOf(patient)} logs -l ${labels.component}=operator`,
      );
    const ref = { name: lease.metadata?.name ?? "", namespace: namespaceOf(patient) };
    const lastsMs = (lease.spec.leaseDurationSeconds ?? 15) * 1000;
    const isFresh = (one: Lease): boolean => timer.now().getTime() - Date.parse(renewedAt(one)) < lastsMs;
    const holder = lease.spec.holderIdentity;
    if (isFresh(lease)) return ok(`${holder} leads.`);
    // Clocks may differ: a leader shows by renewing, not by the time that it writes.
    await sleep(timer, renewalMs, patient.session.interrupt);
    const again = await kube.get(kinds.lease, ref);
    if (renewedAt(again) !== renewedAt(lease)) return ok(`${holder} leads.`);
    return broken(
      `${holder} has not renewed its Lease since ${renewedAt(lease)}, and nobody has taken over.`,
      `kubectl -n ${namespaceOf(patient)} logs -l ${labels.component}=operator --tail 50`,
    );
  },
};

/** Watches are ended and begun again within 50 s; silence of this long is not the server's habit. */
const silentSeconds = 120;

const watchAges = (metrics: string): { source: string; seconds: number }[] =>
  [...metrics.matchAll(/^polyphony_watch_age_seconds\{([^}]*)\} ([0-9.e+-]+)$/gm)].map(
    ([, names = "", value = ""]) => ({
      source: /source="([^"]*)"/.exec(names)?.[1] ?? names,
      seconds: Number(value),
    }),
  );

export const watchesLive: Check = {
  name: "watches",
  look: async (patient) => {
    const cluster = patient.session.cluster();
    const namespace = namespaceOf(patient);
    const pods = await cluster.kube.list(kinds.pod, { namespace, labelSelector: componentPods });
    const ask = (pod: Pod, path: string) =>
      cluster.text(`/api/v1/namespaces/${namespace}/pods/${pod.metadata?.name ?? ""}:9090/proxy/${path}`);
    const told: string[] = [];
    try {
      for (const pod of pods.filter(({ status }) => status?.phase === "Running")) {
        await ask(pod, "healthz");
        told.push(await ask(pod, "metrics"));
      }
    } catch (error) {
      if (error instanceof KubeError && (error.status === 403 || error.status === 404))
        return notProbed("The operator's metrics cannot be read through the API server: pods/proxy is needed.");
      return broken(
        `An operator says that it is not well: ${(error as Error).message}`,
        `kubectl -n ${namespace} logs -l ${labels.component}=operator --tail 50`,
      );
    }
    const ages = told.flatMap(watchAges);
    if (ages.length === 0) return notProbed("No operator tells of its watches: the one that leads does.");
    const stale = ages.find(({ seconds }) => seconds > silentSeconds);
    if (stale)
      return broken(
        `The operator has heard nothing of ${stale.source} for ${Math.round(stale.seconds)} s.`,
        `kubectl -n ${namespace} rollout restart deployment ${patient.operator?.metadata?.name ?? ""}`,
      );
    return ok(`${several(ages.length, "watch is", "watches are")} alive.`);
  },
};

const policyKind = kind(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
  false,
);
const bindingKind = kind(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicyBinding",
  "validatingadmissionpolicybindings",
  false,
);
const policies = ["operator-fence", "protected-tenants", "reserved-slugs"];

export const policiesBound: Check = {
  name: "admission policies",
  look: async ({ session }) => {
    const { kube } = session.cluster();
    const selection = { labelSelector: `${labels.component}=admission` };
    const lists = await Promise.all([kube.list(policyKind, selection), kube.list(bindingKind, selection)]).catch(
      (error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      },
    );
    if (!lists) return broken("This cluster has no ValidatingAdmissionPolicy.", "Upgrade Kubernetes to 1.30 or later.");
    const names = lists.map((list) => list.map(({ metadata }) => metadata?.name ?? ""));
    const missing = policies.filter(
      (policy) => !names.every((there) => there.some((name) => name.endsWith(`-${policy}`))),
    );
    if (missing.length === 0) return ok("Protected tenants, reserved slugs and the operator's fence are enforced.");
    return broken(
      `Missing or not bound: ${missing.join(", ")}.`,
      "helm upgrade with the value admissionPolicies.enabled=true",
    );
  },
};
