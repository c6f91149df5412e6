import type { RequestOptions } from "node:https";
import type { Credentials } from "./cluster-access.ts";

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : value instanceof Buffer ? value.toString("utf8") : undefined;

/** What an exec plugin or auth-provider of the kubeconfig's context gives; client-node keeps it until it expires. */
export const pluginCredentials = async (file: string, context: string): Promise<Credentials> => {
  const { KubeConfig } = await import("@kubernetes/client-node").catch((cause: unknown) => {
    // The images leave it out: in a pod there is a service account.
    const message = `${file}: the user of context ${context} logs in by a plugin, which this bundle cannot run. Use a token or a certificate.`;
    throw new Error(message, { cause });
  });
  const config = new KubeConfig();
  config.loadFromFile(file);
  config.setCurrentContext(context);
  const options: RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const headers = options.headers as Record<string, string> | undefined;
  return { cert: text(options.cert), key: text(options.key), authorization: headers?.["Authorization"] };
};
