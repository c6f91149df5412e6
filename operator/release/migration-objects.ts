import type { DatabaseServer, NetworkPeer, VaultRelease } from "../../crds/index.ts";
import type { Job, NetworkPolicy, Secret } from "../../kube/kinds.ts";
import { labels as vaultLabels, managedBy } from "../tenant/names.ts";
import { attemptAnnotation, egressName, migrationLabels, runLabels } from "./migration-names.ts";

/** What a migration run is made of, as plain values. */
export interface MigrationRunSpec {
  namespace: string;
  /** Of the Job and of its Secret. */
  name: string;
  release: VaultRelease;
  server: string;
  /** The label that its Jobs are found by. */
  run: string;
  attempt: number;
  /** How often the Job may begin its pod again by itself. */
  retries: number;
  /** It is given up after this. */
  deadlineSeconds: number;
  /** The template's image without tag or digest. */
  repository: string;
  imagePullSecrets: readonly string[];
  /** The databases to migrate, each with the migrator's login, and what the steps are to leave in each if the operator asks. */
  databases: readonly { id: string; url: string; receipt?: string }[];
}

export const listFile = "databases.ndjson";
const folder = "/migrations";

type PodSpec = NonNullable<NonNullable<NonNullable<Job["spec"]>["template"]>["spec"]>;

const podSpec = (run: MigrationRunSpec): PodSpec => ({
  restartPolicy: "Never",
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [
    {
      name: "migrate",
      image: `${run.repository}@${run.release.spec.image.digest}`,
      imagePullPolicy: "IfNotPresent",
      args: [...run.release.spec.commands.migrate, `${folder}/${listFile}`],
      resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "1", memory: "256Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      volumeMounts: [{ name: "databases", mountPath: folder, readOnly: true }],
      // What it said last is then in the pod's status, where a condition can take it from.
      terminationMessagePolicy: "FallbackToLogsOnError",
    },
  ],
  volumes: [{ name: "databases", secret: { secretName: run.name, defaultMode: 0o440 } }],
  ...(run.imagePullSecrets.length > 0 ? { imagePullSecrets: run.imagePullSecrets.map((name) => ({ name })) } : {}),
});

/** One run of the release's migrations. Its name says which, so that it is never started twice. */
export const migrationJob = (run: MigrationRunSpec): Job => {
  const labels = runLabels(run.release, run.server, run.run);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: run.name,
      namespace: run.namespace,
      labels,
      annotations: { [attemptAnnotation]: String(run.attempt) },
    },
    spec: {
      backoffLimit: run.retries,
      activeDeadlineSeconds: run.deadlineSeconds,
      ttlSecondsAfterFinished: 3600,
      template: { metadata: { labels }, spec: podSpec(run) },
    },
  };
};

/** The list of databases with their URLs; it goes with its Job. */
export const migrationSecret = (run: MigrationRunSpec, jobUid: string): Secret => {
  const { name } = run;
  const list = run.databases.map((database) => `${JSON.stringify(database)}\n`).join("");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace: run.namespace,
      labels: runLabels(run.release, run.server, run.run),
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: jobUid }],
    },
    type: "Opaque",
    data: { [listFile]: Buffer.from(list, "utf8").toString("base64") },
  };
};

type Egress = NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number];

const egressTo = ({ ports, ...peer }: NetworkPeer): Egress => ({
  to: [JSON.parse(JSON.stringify(peer)) as NonNullable<Egress["to"]>[number]],
  ports: ports.map(({ port, protocol }) => ({ port, protocol })),
});

/** Migrations of a server reach that server and, besides name look-ups, nothing else. */
export const migrationEgress = (namespace: string, { metadata, spec }: DatabaseServer): NetworkPolicy => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: {
    name: egressName(metadata.name),
    namespace,
    labels: { [vaultLabels.managedBy]: managedBy, [migrationLabels.server]: metadata.name },
  },
  spec: {
    podSelector: { matchLabels: { [migrationLabels.server]: metadata.name } },
    policyTypes: ["Egress"],
    egress: (spec.networkPeers ?? []).map(egressTo),
  },
});
