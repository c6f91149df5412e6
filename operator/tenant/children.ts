import { createHash } from "node:crypto";
import { isReason, type Reason } from "../../crds/reasons.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { annotations, labels } from "./names.ts";

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
  /** A condition of the Deployment that says why pods cannot be made or do not come up. */
  trouble: { reason: Reason; message: string } | null;
};

type Loose = Record<string, unknown>;
const asObject = (value: unknown): Loose => (value !== null && typeof value === "object" ? (value as Loose) : {});

const ours = (key: string): boolean =>
  key.startsWith("polyphony.dev/") ||
  key.startsWith("app.kubernetes.io/") ||
  key.startsWith("pod-security.kubernetes.io/");

const pickOurs = (map: unknown): Loose =>
  Object.fromEntries(Object.entries(asObject(map)).filter(([key]) => ours(key) && key !== annotations.wakeRequestedAt));

const suffixes: Record<string, number> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A quantity as a number, so that `1024Mi` equals the `1Gi` that the API server makes of it. */
export const quantityValue = (quantity: string): number => {
  const match = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity);
  const factor = suffixes[match?.[2] ?? "?"];
  return match && factor !== undefined ? Number((Number(match[1]) * factor).toPrecision(12)) : Number.NaN;
};

const quantities = (map: unknown): Loose =>
  Object.fromEntries(Object.entries(asObject(map)).map(([key, value]) => [key, quantityValue(String(value))]));

/** Fields that the API server fills in and that we leave to it. */
const leftToServer = new Set(["serviceAccount", "schedulerName"]);

const relevantContainer = (container: Loose): Loose => {
  const resources = asObject(container.resources);
  return {
    ...container,
    resources: { requests: quantities(resources.requests), limits: quantities(resources.limits) },
  };
};

const relevantPod = (spec: Loose): Loose => ({
  ...Object.fromEntries(Object.entries(spec).filter(([key]) => !leftToServer.has(key))),
  containers: (Array.isArray(spec.containers) ? spec.containers : []).map((one) => relevantContainer(asObject(one))),
});

const relevantDeployment = (spec: Loose): Loose => {
  const template = asObject(spec.template);
  const metadata = asObject(template.metadata);
  return {
    ...spec,
    template: {
      labels: pickOurs(metadata.labels),
      annotations: pickOurs(metadata.annotations),
      spec: relevantPod(asObject(template.spec)),
    },
  };
};

const relevantLimits = (spec: Loose): unknown =>
  (Array.isArray(spec.limits) ? spec.limits : []).map((limit) => {
    const entries = Object.entries(asObject(limit));
    return Object.fromEntries(entries.map(([key, value]) => [key, key === "type" ? value : quantities(value)]));
  });

/** The part of an object that we decide; the rest is the API server's or somebody else's. */
const relevantBody = (kind: ChildKind, object: Loose): unknown => {
  const spec = asObject(object.spec);
  if (kind === "Namespace") return null;
  if (kind === "ResourceQuota") return quantities(spec.hard);
  if (kind === "LimitRange") return relevantLimits(spec);
  if (kind === "ServiceAccount") return object.automountServiceAccountToken;
  if (kind === "Secret") return { type: object.type, data: object.data };
  if (kind === "Service") return { type: spec.type, selector: spec.selector, ports: spec.ports };
  if (kind === "Deployment") return relevantDeployment(spec);
  return spec;
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
};

/**
 * A digest of the part of a child that we decide. Desired objects spell out every default, so an object in sync has
 * the fingerprint of its desired state; an edit by hand changes it. Secrets leave only this digest behind.
 */
export const fingerprint = (kind: ChildKind, object: KubeObject): string => {
  const relevant = {
    labels: pickOurs(object.metadata?.labels),
    annotations: pickOurs(object.metadata?.annotations),
    body: relevantBody(kind, object as Loose),
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(relevant)))
    .digest("base64url")
    .slice(0, 27);
};

const rolloutReason = (reason: unknown): Reason =>
  typeof reason === "string" && isReason(reason) ? reason : "RolloutFailed";

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
    secrets: String(asObject(asObject(asObject(spec.template).metadata).annotations)[annotations.secretVersions] ?? ""),
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
