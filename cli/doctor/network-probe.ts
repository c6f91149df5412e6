import { randomBytes } from "node:crypto";
import { sleep } from "../../kube/clock.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, type Namespace, type NetworkPolicy, type Pod } from "../../kube/kinds.ts";
import { broken, type Check, notProbed, ok, type Patient, type Verdict, warning } from "./check.ts";

/** Exits 0 when the API server's port takes a connection. */
const connect = `const s=require("net").connect(process.env.KUBERNETES_SERVICE_PORT,process.env.KUBERNETES_SERVICE_HOST,()=>process.exit(0));s.on("error",()=>process.exit(1));setTimeout(()=>process.exit(1),3000)`;

const namespaceObject = (name: string): Namespace => ({
  metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});

/** Refuses every connection of the pod named `fenced`, and of no other. */
const policy = (namespace: string): NetworkPolicy => ({
  metadata: { name: "fence", namespace },
  spec: { podSelector: { matchLabels: { probe: "fenced" } }, policyTypes: ["Egress"], egress: [] },
});

const podObject = (namespace: string, name: "free" | "fenced", image: string): Pod => ({
  metadata: { name, namespace, labels: { probe: name } },
  spec: {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "probe",
        image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "-e", connect],
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  },
});

/** Whether the pod could connect; undefined when it did not end in time. */
const outcome = async ({ session }: Patient, namespace: string, name: string): Promise<boolean | undefined> => {
  const { timer, interrupt } = session;
  const { kube } = session.cluster();
  for (let looks = 0; looks < 60 && !interrupt.aborted; looks += 1) {
    const { status } = await kube.get(kinds.pod, { name, namespace });
    if (status?.phase === "Succeeded") return true;
    if (status?.phase === "Failed") return false;
    await sleep(timer, 500, interrupt);
  }
  return undefined;
};

const probe = async (patient: Patient, image: string): Promise<Verdict> => {
  const { kube } = patient.session.cluster();
  const namespace = `polyphony-doctor-${randomBytes(3).toString("hex")}`;
  try {
    await kube.create(kinds.namespace, namespaceObject(namespace));
    await kube.create(kinds.networkPolicy, policy(namespace));
    // A network plug-in may need a moment to learn of a policy; a pod that comes later always meets it.
    await sleep(patient.session.timer, 1_000, patient.session.interrupt);
    for (const name of ["free", "fenced"] as const) await kube.create(kinds.pod, podObject(namespace, name, image));
    const [free, fenced] = await Promise.all([
      outcome(patient, namespace, "free"),
      outcome(patient, namespace, "fenced"),
    ]);
    if (free === undefined || fenced === undefined)
      return notProbed(`The probe's pods did not end within 30 s; see kubectl get events --all-namespaces.`);
    if (!free)
      return broken("A pod without any policy cannot reach the API server.", "See the cluster's network plug-in.");
    return fenced
      ? warning(
          "The cluster's network does not enforce NetworkPolicy: a pod that may connect nowhere reached the API server.",
          "Install a network plug-in that enforces it, such as Calico or Cilium.",
        )
      : ok("A pod that may connect nowhere could not; one that may, could.");
  } finally {
    await kube.delete(kinds.namespace, { name: namespace }, { propagation: "Background" }).catch(ignoreNotFound);
  }
};

/** Whether NetworkPolicies mean anything here. Only asked for does it make two pods, for seconds. */
export const policiesEnforced: Check = {
  name: "network policies",
  look: async (patient) => {
    if (!patient.probeNetwork)
      return notProbed(
        "Whether the cluster's network enforces them: --probe-network makes two short pods and finds out.",
      );
    const image = patient.operator?.spec?.template.spec?.containers[0]?.image;
    if (image === undefined) return notProbed("There is no operator whose image could be used.");
    return probe(patient, image);
  },
};
