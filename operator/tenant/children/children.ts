import { isReason, type Reason } from "../../../crds/reasons.ts";
import { kinds } from "../../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../../kube/kube.ts";
import { fingerprint } from "./fingerprint.ts";
import { annotations, labels } from "../names.ts";

/** The kinds of object that a vault owns in Kubernetes, in the order in which they are applied. */
export const childKinds = {
  Namespace: kinds.namespace,
  ResourceQuota: kinds.resourceQuota,
  LimitRange: kinds.limitRange,
  NetworkPolicy: kinds.networkPolicy,
  ServiceAccount: kinds.serviceAccount,
  Secret: kinds.secret,
  Service: kinds.service,
  PodDisruptionBudget: kinds.podDisruptionBudget,
  Deployment: kinds.deployment,
} as const satisfies Record<string, Kind>;
export type ChildKind = keyof typeof childKinds;

/** What the cache keeps of a child: enough to see whether it is as desired, and no secret. */
export type ChildProjection = {
  kind: ChildKind;
  name: string;
  namespace: string | undefined;
  vaultId: string;
  fingerprint: string;
  terminating: boolean;
  /** Of a Deployment only. */
  rollout?: Rollout;
};

export type Rollout = {
  replicas: number;
  /** Pods that there are, of every revision. */
  total: number;
  available: number;
  updated: number;
  observed: boolean;
  /** The annotation that says which secrets the newest pods run with. */
  secrets: string;
  /** The digest of its image. */
  digest: string | null;
  /** A condition of the Deployment that says why pods cannot be made or do not come up. */
  trouble: { reason: Reason; message: string } | null;
};

type Loose = Record<string, unknown>;
const asObject = (value: unknown): Loose => (value !== null && typeof value === "object" ? (value as Loose) : {});

const rolloutReason = (reason: unknown): Reason =>
  typeof reason === "string" && isReason(reason) ? reason : "RolloutFailed";

const digestOf = (spec: Loose): string | null => {
  const { containers } = asObject(asObject(spec.template).spec);
  const [first] = (Array.isArray(containers) ? containers : []).map(asObject);
  return /@(sha256:[0-9a-f]{64})$/.exec(String(first?.image))?.[1] ?? null;
};

const labelOf = (spec: Loose): string => {
  const label = asObject(asObject(asObject(spec.template).metadata).annotations)[annotations.secretVersions];
  return typeof label === "string" ? label : "";
};

const rolloutOf = (object: Loose): Rollout => {
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const metadata = asObject(object.metadata);
  const conditions = (Array.isArray(status.conditions) ? status.conditions : []).map(asObject);
  const failing = conditions.find(
    (one) =>
      (one.type === "ReplicaFailure" && one.status === "True") ||
      (one.type === "Progressing" && one.status === "False"),
  );
  return {
    replicas: Number(spec.replicas ?? 0),
    total: Number(status.replicas ?? 0),
    available: Number(status.availableReplicas ?? 0),
    updated: Number(status.updatedReplicas ?? 0),
    secrets: labelOf(spec),
    digest: digestOf(spec),
    observed: Number(status.observedGeneration ?? 0) >= Number(metadata.generation ?? 0),
    trouble: failing ? { reason: rolloutReason(failing.reason), message: String(failing.message) } : null,
  };
};

/** What the cache keeps of an object of this kind; undefined for objects that are no vault's. */
export const projectChild =
  (kind: ChildKind) =>
  (object: KubeObject): ChildProjection | undefined => {
    const { name, namespace, labels: own, deletionTimestamp } = object.metadata ?? {};
    const vaultId = own?.[labels.vaultId];
    if (!name || !vaultId) return undefined;
    return {
      kind,
      name,
      namespace,
      vaultId,
      fingerprint: fingerprint(kind, object),
      terminating: deletionTimestamp !== undefined,
      ...(kind === "Deployment" ? { rollout: rolloutOf(object as Loose) } : {}),
    };
  };
