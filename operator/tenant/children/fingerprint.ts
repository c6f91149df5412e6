import { createHash } from "node:crypto";
import type { KubeObject } from "../../../kube/kube.ts";
import type { ChildKind } from "./children.ts";
import { annotations, labels } from "../names.ts";

type Loose = Record<string, unknown>;

const asObject = (value: unknown): Loose => (value !== null && typeof value === "object" ? (value as Loose) : {});
const asArray = (value: unknown): Loose[] => (Array.isArray(value) ? value.map(asObject) : []);

const without = (object: Loose, ...keys: string[]): Loose =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** Labels and annotations that nobody else has any business with; all others belong to whoever put them there. */
export const isOurs = (key: string): boolean =>
  (key.startsWith("polyphony.dev/") && key !== annotations.wakeRequestedAt) ||
  key.startsWith("pod-security.kubernetes.io/") ||
  key === labels.managedBy ||
  key === labels.name;

const pickOurs = (map: unknown): Loose =>
  Object.fromEntries(Object.entries(asObject(map)).filter(([key]) => isOurs(key)));

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

const relevantContainer = (container: Loose): Loose => {
  const resources = asObject(container.resources);
  return {
    ...container,
    resources: { requests: quantities(resources.requests), limits: quantities(resources.limits) },
  };
};

const relevantDeployment = (spec: Loose): Loose => {
  const template = asObject(spec.template);
  const metadata = asObject(template.metadata);
  // The API server fills in the two names, and we leave them to it.
  const pod = without(asObject(template.spec), "serviceAccount", "schedulerName");
  return {
    ...spec,
    template: {
      metadata: { labels: pickOurs(metadata.labels), annotations: pickOurs(metadata.annotations) },
      spec: { ...pod, containers: asArray(pod.containers).map(relevantContainer) },
    },
  };
};

const relevantLimits = (spec: Loose): Loose => ({
  limits: asArray(spec.limits).map((limit) =>
    Object.fromEntries(Object.entries(limit).map(([key, value]) => [key, key === "type" ? value : quantities(value)])),
  ),
});

/** Of a Service: addresses, which the API server gives and keeps. */
export const serverAddresses = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] as const;

/** The fields of each kind that we decide; the rest is the API server's or somebody else's. */
const relevantBody = (kind: ChildKind, object: Loose): Loose => {
  const spec = asObject(object.spec);
  switch (kind) {
    case "Namespace":
      return {};
    case "ServiceAccount":
      return { automountServiceAccountToken: object.automountServiceAccountToken };
    case "Secret":
      return { type: object.type, data: object.data, immutable: object.immutable };
    case "ResourceQuota":
      return { spec: { ...spec, hard: quantities(spec.hard) } };
    case "LimitRange":
      return { spec: relevantLimits(spec) };
    case "Service":
      return { spec: without(spec, ...serverAddresses) };
    case "Deployment":
      return { spec: relevantDeployment(spec) };
    default:
      return { spec };
  }
};

/** The API server keeps neither null nor an empty list. */
const isKept = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => isKept(inner));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
};

/** The part of an object that we decide, in the object's own shape. */
export const relevantPart = (kind: ChildKind, object: KubeObject): Loose => {
  const { labels: own, annotations: notes, ownerReferences } = object.metadata ?? {};
  return sorted({
    metadata: {
      labels: pickOurs(own),
      annotations: pickOurs(notes),
      // With an owner, garbage collection could take it away past every guard of ours.
      ownerReferences: ownerReferences ?? [],
    },
    ...relevantBody(kind, object as Loose),
  }) as Loose;
};

/**
 * A digest of the part of a child that we decide. Desired objects spell out every default, so an object in sync has
 * the fingerprint of its desired state; an edit by hand changes it. Secrets leave only this digest behind.
 */
export const fingerprint = (kind: ChildKind, object: KubeObject): string =>
  createHash("sha256")
    .update(JSON.stringify(relevantPart(kind, object)))
    .digest()
    // 27 characters; a part of a longer text would keep all of it in memory.
    .toString("base64url", 0, 20);
