import type { Tenant } from "../../crds/index.ts";
import { kinds, type Pod } from "../../kube/kinds.ts";
import { failed } from "../cli-error.ts";
import { labels, vaultName } from "../names.ts";
import type { Session } from "../session.ts";

/** The vault's namespace. @throws CliError when the operator has not made one yet */
export const namespaceOf = ({ metadata, status }: Tenant): string => {
  const namespace = status?.backend?.namespace;
  if (namespace !== undefined) return namespace;
  throw failed(`The tenant "${metadata.name}" has no namespace yet.`, { next: `tenant status ${metadata.name}` });
};

/** The vault's pods, the oldest first. */
export const podsOf = async (session: Session, tenant: Tenant): Promise<Pod[]> => {
  const labelSelector = `${labels.name}=${vaultName}`;
  const pods = await session.cluster().kube.list(kinds.pod, { namespace: namespaceOf(tenant), labelSelector });
  const born = (pod: Pod): string => pod.metadata?.creationTimestamp ?? "";
  return pods.sort((left, right) => born(left).localeCompare(born(right)));
};
