import type {
  EventsV1Event,
  V1ConfigMap,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1Lease,
  V1LimitRange,
  V1Namespace,
  V1NetworkPolicy,
  V1Pod,
  V1PodDisruptionBudget,
  V1ResourceQuota,
  V1Secret,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import type { Json, Kind, KubeObject } from "./kube.ts";

export type Namespace = Json<V1Namespace>;
export type Secret = Json<V1Secret>;
export type ConfigMap = Json<V1ConfigMap>;
export type Service = Json<V1Service>;
export type ServiceAccount = Json<V1ServiceAccount>;
export type ResourceQuota = Json<V1ResourceQuota>;
export type LimitRange = Json<V1LimitRange>;
export type NetworkPolicy = Json<V1NetworkPolicy>;
export type Deployment = Json<V1Deployment>;
export type PodDisruptionBudget = Json<V1PodDisruptionBudget>;
export type Job = Json<V1Job>;
export type Pod = Json<V1Pod>;
export type EndpointSlice = Json<V1EndpointSlice>;
export type Lease = Json<V1Lease>;
export type Event = Json<EventsV1Event>;

/** An object of one of our own kinds, when its spec and status are not known here. */
export interface CustomObject extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** A kind value; `groupVersion` as in apiVersion ("v1", "apps/v1"). */
export const kind = <T extends KubeObject>(
  groupVersion: string,
  name: string,
  plural: string,
  namespaced: boolean,
): Kind<T> => {
  const [first = "", second] = groupVersion.split("/");
  return { group: second ? first : "", version: second ?? first, kind: name, plural, namespaced };
};

/** The same kind with the type of its objects said more exactly: `typed<Tenant>(kinds.tenant)`. */
export const typed = <T extends KubeObject>(of: Kind): Kind<T> => {
  const { group, version, kind: name, plural, namespaced } = of;
  return { group, version, kind: name, plural, namespaced };
};

const own = (name: string, plural: string): Kind<CustomObject> =>
  kind<CustomObject>("polyphony.dev/v1alpha1", name, plural, false);

export const kinds = {
  namespace: kind<Namespace>("v1", "Namespace", "namespaces", false),
  secret: kind<Secret>("v1", "Secret", "secrets", true),
  configMap: kind<ConfigMap>("v1", "ConfigMap", "configmaps", true),
  service: kind<Service>("v1", "Service", "services", true),
  serviceAccount: kind<ServiceAccount>("v1", "ServiceAccount", "serviceaccounts", true),
  resourceQuota: kind<ResourceQuota>("v1", "ResourceQuota", "resourcequotas", true),
  limitRange: kind<LimitRange>("v1", "LimitRange", "limitranges", true),
  pod: kind<Pod>("v1", "Pod", "pods", true),
  networkPolicy: kind<NetworkPolicy>("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
  deployment: kind<Deployment>("apps/v1", "Deployment", "deployments", true),
  podDisruptionBudget: kind<PodDisruptionBudget>("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
  job: kind<Job>("batch/v1", "Job", "jobs", true),
  endpointSlice: kind<EndpointSlice>("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true),
  lease: kind<Lease>("coordination.k8s.io/v1", "Lease", "leases", true),
  customResourceDefinition: kind(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    false,
  ),
  event: kind<Event>("events.k8s.io/v1", "Event", "events", true),
  tenant: own("Tenant", "tenants"),
  vaultTemplate: own("VaultTemplate", "vaulttemplates"),
  vaultRelease: own("VaultRelease", "vaultreleases"),
  databaseServer: own("DatabaseServer", "databaseservers"),
  retainedVault: own("RetainedVault", "retainedvaults"),
} as const;
