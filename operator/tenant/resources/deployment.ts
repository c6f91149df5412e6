import { createHash } from "node:crypto";
import type { Deployment, Secret } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import {
  annotations,
  internalPortName,
  ownedLabels,
  podSelector,
  publicPortName,
  serviceAccountName,
  vaultName,
} from "../names.ts";
import { readAtStart, readForRegistry, readLive, secret } from "./identity.ts";

type PodSpec = NonNullable<NonNullable<NonNullable<Deployment["spec"]>["template"]>["spec"]>;
type Container = PodSpec["containers"][number];
type Probe = NonNullable<Container["readinessProbe"]>;

/** A vault without a registry has no such key: nothing of it, its digest either, is to change because others have one. */
const registryKeyIn = (data: Secret["data"]): string[] => (data?.[readForRegistry] ? [readForRegistry] : []);

/** A change of what pods read at start must roll them: its digest stands in the pod template. */
const configHash = ({ data }: Secret): string =>
  createHash("sha256")
    .update(JSON.stringify([...readAtStart, ...registryKeyIn(data)].map((name) => data?.[name])))
    .digest("base64url")
    .slice(0, 22);

/** Where the settings that change while a vault runs are to be found. */
const settingsFolder = "/etc/vault";
const settingsVolume = "settings";

const probe = (path: string, times: { periodSeconds: number; failureThreshold: number }): Probe => ({
  httpGet: { path, port: internalPortName, scheme: "HTTP" },
  timeoutSeconds: 2,
  successThreshold: 1,
  ...times,
});

const environment = (vault: Desired): NonNullable<Container["env"]> => {
  const plain: Record<string, string> = {
    VAULT_ID: vault.vaultId,
    PUBLIC_URL: vault.publicUrl,
    MAIL_FROM: vault.settings.mailFrom,
    SETTINGS_DIR: settingsFolder,
    ...(vault.settings.registryUrl ? { REGISTRY_URL: vault.settings.registryUrl } : {}),
  };
  const secretKeys = [...readAtStart, ...registryKeyIn(secret(vault).data), ...readLive];
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value: escapeReferences(value) })),
    ...secretKeys.map((name) => ({ name, valueFrom: { secretKeyRef: { name: vaultName, key: name } } })),
  ];
};

/** Kubernetes expands `$(NAME)` in plain values (never in those of a Secret), so dollars are doubled. */
const escapeReferences = (value: string): string => value.replaceAll("$(", "$$$$(");

const container = (vault: Desired): Container => ({
  name: vaultName,
  image: `${vault.template.image.repository}@${vault.release.image.digest}`,
  imagePullPolicy: "IfNotPresent",
  args: vault.release.commands.serve,
  env: environment(vault),
  ports: [
    { name: publicPortName, containerPort: vault.template.port, protocol: "TCP" },
    { name: internalPortName, containerPort: vault.template.internalPort, protocol: "TCP" },
  ],
  volumeMounts: [{ name: settingsVolume, mountPath: settingsFolder, readOnly: true }],
  resources: { requests: { ...vault.plan.requests }, limits: { ...vault.plan.limits } },
  // No startup probe: readiness would be asked only after it, up to a second later, at each start and each waking.
  readinessProbe: probe("/readyz", { periodSeconds: 1, failureThreshold: 5 }),
  livenessProbe: { ...probe("/healthz", { periodSeconds: 10, failureThreshold: 3 }), initialDelaySeconds: 60 },
  // Endpoints lose the pod while it still answers, so that a roll or a drain drops no request.
  lifecycle: { preStop: { sleep: { seconds: 3 } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "FallbackToLogsOnError",
});

const podSpec = (vault: Desired): PodSpec => ({
  serviceAccountName,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  restartPolicy: "Always",
  dnsPolicy: "ClusterFirst",
  terminationGracePeriodSeconds: 30,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [container(vault)],
  volumes: [
    {
      name: settingsVolume,
      secret: {
        secretName: vaultName,
        defaultMode: 0o440,
        items: readLive.map((name) => ({ key: name, path: name })),
      },
    },
  ],
  ...(vault.settings.imagePullSecrets.length > 0
    ? { imagePullSecrets: vault.settings.imagePullSecrets.map((name) => ({ name })) }
    : {}),
});

/** The pods of the vault. Every default of the API server that matters is spelled out, so that drift can be seen. */
export const deployment = (vault: Desired): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: vaultName, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
  spec: {
    replicas: vault.spec.activity === "Suspended" ? 0 : vault.plan.replicas,
    revisionHistoryLimit: 2,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: podSelector(vault.vaultId) },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { ...podSelector(vault.vaultId), ...ownedLabels(vault.vaultId, vault.slug) },
        annotations: {
          [annotations.configHash]: configHash(secret(vault)),
          [annotations.secretVersions]: vault.secrets.label,
        },
      },
      spec: podSpec(vault),
    },
  },
});
