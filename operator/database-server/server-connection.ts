import type { DatabaseServer } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { RetryableError } from "../outcome.ts";
import type { ServerConnection } from "../database/tenant-database.ts";

/**
 * How the operator connects, read from the Secret anew each time: Secrets are never cached.
 * @throws RetryableError ConnectionSecretMissing
 */
export const serverConnection = async ({ metadata, spec }: DatabaseServer, kube: Kube): Promise<ServerConnection> => {
  const { namespace, name, key } = spec.connection.secretRef;
  const secret = await kube.find(kinds.secret, { namespace, name });
  const encoded = secret?.data?.[key];
  if (!encoded) {
    const what = secret ? `has no key "${key}"` : "does not exist";
    throw new RetryableError(
      "ConnectionSecretMissing",
      `The Secret "${name}" in the namespace "${namespace}", which DatabaseServer "${metadata.name}" names, ${what}. ` +
        `Create it with the URL postgres://role:password@host:5432/postgres.`,
    );
  }
  return {
    url: Buffer.from(encoded, "base64").toString("utf8").trim(),
    sslMode: spec.connection.sslMode,
    capacity: spec.capacity,
    ...(spec.address ? { address: spec.address } : {}),
  };
};
