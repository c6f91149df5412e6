import type { RegistryDatabase } from "../../control-api/db/registry-database.ts";
import { templateRepository } from "../../control-api/templates/template-repository.ts";
import type { VaultTemplate } from "../../crds/index.ts";
import { isAlreadyExists } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { apiVersionOf, type Kube } from "../../kube/kube.ts";

const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);
const choir = { name: "choir", displayName: "Choir", plans: ["trial"] };
const resources = { cpu: "100m", memory: "128Mi" };
const plan = { requests: resources, limits: resources, quota: { cpu: "1", memory: "1Gi", pods: 4 } };

const template = {
  apiVersion: apiVersionOf(kinds.vaultTemplate),
  kind: kinds.vaultTemplate.kind,
  metadata: { name: choir.name },
  spec: {
    displayName: choir.displayName,
    image: { repository: "registry.example.org/choir" },
    channels: { stable: "1.0.0" },
    plans: { trial: plan },
  },
} as unknown as VaultTemplate;

/**
 * Publishes the template "choir" in the cluster, unless one is there, and in the registry as if a worker had told of it.
 * Returns the way to withdraw it from the cluster, which leaves another's alone.
 */
export const publishChoir = async (kube: Kube, registry: RegistryDatabase): Promise<() => Promise<void>> => {
  const isOurs = await kube.create(templateKind, template, { fieldManager: "test" }).then(
    () => true,
    (error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
      return false;
    },
  );
  await registry.asPlatform((transaction) => templateRepository(transaction).replace([choir], new Date()));
  return async () => {
    if (isOurs) await kube.delete(templateKind, { name: choir.name });
  };
};
