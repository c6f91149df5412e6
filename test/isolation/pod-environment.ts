import type { Deployment, Secret } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { expandReferences } from "./names/expand-references.ts";

/** What a vault's container finds in its environment, as Kubernetes makes it from these objects. */
export const podEnvironment = (objects: readonly KubeObject[]): Record<string, string> => {
  const of = (kind: string) => objects.find((object) => object.kind === kind);
  const data = (of("Secret") as Secret | undefined)?.data ?? {};
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of (of("Deployment") as Deployment | undefined)?.spec?.template.spec
    ?.containers[0]?.env ?? []) {
    const secret = Buffer.from(data[valueFrom?.secretKeyRef?.key ?? ""] ?? "", "base64").toString("utf8");
    variables[name] = value === undefined ? secret : expandReferences(value, variables);
  }
  return variables;
};
