import type { KubeObject } from "../../kube/kube.ts";
import type { ChildKind } from "./children/children.ts";
import type { Desired } from "./desired-vault.ts";
import { deployment } from "./resources/deployment.ts";
import { secret, serviceAccount } from "./resources/identity.ts";
import { limitRange, resourceQuota } from "./resources/limits.ts";
import { namespace } from "./resources/namespace.ts";
import { networkPolicies } from "./resources/network-policies.ts";
import { disruptionBudget, service } from "./resources/service.ts";

export type DesiredChild = { kind: ChildKind; object: KubeObject };

const each = (kind: ChildKind, ...objects: KubeObject[]): DesiredChild[] => objects.map((object) => ({ kind, object }));

/**
 * All objects of a vault in stages: everything of one stage may be applied at once, and only when the stage before is
 * done. Policies, limits and secrets stand before the first pod can start.
 */
export const desiredChildren = (vault: Desired): DesiredChild[][] => [
  each("Namespace", namespace(vault)),
  [
    ...each("ResourceQuota", resourceQuota(vault)),
    ...each("LimitRange", limitRange(vault)),
    ...each("NetworkPolicy", ...networkPolicies(vault)),
    ...each("ServiceAccount", serviceAccount(vault)),
    ...each("Secret", secret(vault)),
    ...each("Service", service(vault)),
    ...each("PodDisruptionBudget", ...disruptionBudget(vault)),
  ],
  each("Deployment", deployment(vault)),
];
