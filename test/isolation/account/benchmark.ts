import type { Pod, Service } from "../../../kube/kinds.ts";

type PodSpec = NonNullable<Pod["spec"]>;
type Container = PodSpec["containers"][number];
type Security = NonNullable<Container["securityContext"]>;

/** An object that somebody tries to create in a vault's namespace. */
export type Try = { plural: string; object: object };

const restricted: Security = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A pod as the standard `restricted` has it, with one thing changed. */
export const podWith = (spec: Partial<PodSpec> = {}, container: Partial<Container> = {}): Try => ({
  plural: "pods",
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "attempt" },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        { name: "attempt", image: "registry.example.org/attempt", securityContext: restricted, ...container },
      ],
      ...spec,
    },
  } satisfies Pod,
});

const security = (more: Security): Try => podWith({}, { securityContext: { ...restricted, ...more } });
const volume = (source: object): Try => podWith({ volumes: [{ name: "attempt", ...source }] });

const service = (type: string, more: object = {}): Try => ({
  plural: "services",
  object: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "attempt" },
    spec: { type, selector: { app: "x" }, ports: [{ port: 80 }], ...more },
  } satisfies Service,
});

const claim = (more: object = {}): Try => ({
  plural: "persistentvolumeclaims",
  object: {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "attempt" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...more },
  },
});

/** A check of the benchmark, as Kubernetes' working group for multi-tenancy calls it, and how it is met. */
export type Check = { name: string } & (
  | {
      /** Refused to everybody, the administrator included, with these words. */
      refused: readonly Try[];
      words: RegExp;
    }
  | {
      /** Refused to the vault's own account; `{own}` and `{other}` stand for the two vaults' namespaces. */
      forbidden: readonly (readonly [method: string, path: string])[];
    }
);

const psa = /violates PodSecurity "restricted/;
const core = "/api/v1/namespaces";

/** Sixteen of the twenty checks of profile level 1; the other four are about what is there, and are in the test. */
export const refusedChecks: readonly Check[] = [
  {
    name: "Block access to cluster resources",
    forbidden: [
      ["GET", "/api/v1/nodes"],
      ["GET", "/api/v1/namespaces"],
      ["GET", "/api/v1/persistentvolumes"],
      ["GET", "/apis/polyphony.dev/v1alpha1/tenants"],
      ["POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"],
      ["GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"],
    ],
  },
  {
    name: "Block access to multitenant resources",
    forbidden: [
      ["PATCH", `${core}/{own}`],
      ["PATCH", "/apis/networking.k8s.io/v1/namespaces/{own}/networkpolicies/default-deny"],
      ["DELETE", "/apis/networking.k8s.io/v1/namespaces/{own}/networkpolicies/default-deny"],
      ["PATCH", `${core}/{own}/limitranges/vault`],
      ["PATCH", "/apis/apps/v1/namespaces/{own}/deployments/vault"],
      ["GET", `${core}/{own}/secrets/vault`],
    ],
  },
  {
    name: "Block access to other tenant resources",
    forbidden: [
      ["GET", `${core}/{other}/secrets/vault`],
      ["GET", `${core}/{other}/pods`],
      ["POST", `${core}/{other}/pods`],
      ["POST", `${core}/{other}/pods/vault/exec`],
      ["PATCH", `${core}/{other}/pods/vault/ephemeralcontainers`],
      ["DELETE", "/apis/apps/v1/namespaces/{other}/deployments/vault"],
    ],
  },
  {
    name: "Block add capabilities",
    refused: ["SYS_ADMIN", "NET_RAW", "NET_ADMIN", "SYS_PTRACE", "DAC_OVERRIDE", "ALL"].map((capability) =>
      security({ capabilities: { drop: ["ALL"], add: [capability] } }),
    ),
    words: psa,
  },
  {
    name: "Require run as non-root user",
    refused: [
      security({ runAsUser: 0 }),
      security({ runAsNonRoot: false }),
      podWith({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    ],
    words: psa,
  },
  {
    name: "Block privileged containers",
    refused: [
      security({ privileged: true, allowPrivilegeEscalation: true }),
      podWith({ initContainers: [{ name: "first", image: "x", securityContext: { privileged: true } }] }),
    ],
    words: psa,
  },
  {
    name: "Block privilege escalation",
    refused: [
      security({ allowPrivilegeEscalation: true }),
      podWith({}, { securityContext: { capabilities: { drop: ["ALL"] } } }),
    ],
    words: psa,
  },
  {
    name: "Block use of host path volumes",
    refused: ["/", "/var/run", "/proc"].map((path) => volume({ hostPath: { path } })),
    words: psa,
  },
  {
    name: "Block use of NodePort services",
    refused: [
      service("NodePort"),
      service("NodePort", { ports: [{ port: 80, nodePort: 30_080 }] }),
      service("LoadBalancer"),
    ],
    words: /exceeded quota: vault.*services\.(nodeports|loadbalancers)/,
  },
  {
    name: "Block use of host networking and ports",
    refused: [podWith({ hostNetwork: true }), podWith({}, { ports: [{ containerPort: 80, hostPort: 80 }] })],
    words: psa,
  },
  { name: "Block use of host PID", refused: [podWith({ hostPID: true })], words: psa },
  { name: "Block use of host IPC", refused: [podWith({ hostIPC: true })], words: psa },
  {
    name: "Block modification of resource quotas",
    forbidden: ["PATCH", "PUT", "DELETE"].map((method) => [method, `${core}/{own}/resourcequotas/vault`] as const),
  },
  {
    name: "Require PersistentVolumeClaim for storage",
    refused: [
      volume({ nfs: { server: "10.0.0.1", path: "/" } }),
      volume({ iscsi: { targetPortal: "10.0.0.1", iqn: "iqn.2026-01.org.example:x", lun: 0 } }),
      volume({ cephfs: { monitors: ["10.0.0.1"] } }),
      volume({ gcePersistentDisk: { pdName: "x" } }),
    ],
    words: psa,
  },
  {
    name: "Require PV reclaim policy of delete",
    refused: [claim(), claim({ storageClassName: "retain" })],
    words: /exceeded quota: vault.*persistentvolumeclaims/,
  },
  {
    name: "Block use of existing PVs",
    refused: [claim({ volumeName: "pv-of-b" }), claim({ volumeName: "pv-of-b", storageClassName: "" })],
    words: /exceeded quota: vault.*persistentvolumeclaims/,
  },
];
