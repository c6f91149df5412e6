import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { createHttpTransport } from "../../kube/http-transport.ts";
import { type ClusterAccess, kubeconfigAccess } from "../../kube/cluster-access.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { noAccess } from "../cli-error.ts";
import { fieldManager } from "../names.ts";
import type { Cluster, ConnectOptions } from "../session.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const candidates = ({ kubeconfig }: ConnectOptions, env: Environment): string[] => {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  return named.length > 0 ? named : [join(env["HOME"] ?? homedir(), ".kube", "config")];
};

/** The first of several files that has the context; kubectl would merge them. */
const accessOf = (files: readonly string[], context: string | undefined): { access: ClusterAccess; file: string } => {
  const problems: string[] = [];
  for (const file of files) {
    try {
      return { access: kubeconfigAccess(file, context), file };
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  throw noAccess("The kubeconfig cannot be used.", { hints: problems });
};

const splitLines = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
};

/**
 * The cluster of --kubeconfig, $KUBECONFIG or ~/.kube/config, as kubectl chooses it.
 * @throws CliError (4) when there is no kubeconfig or it does not have what is asked for
 */
export const openCluster = (options: ConnectOptions, env: Environment): Cluster => {
  const files = candidates(options, env).filter((file) => existsSync(file));
  if (files.length === 0)
    throw noAccess("There is no kubeconfig, so no cluster is known.", {
      hints: [
        `Looked for: ${candidates(options, env).join(", ")}`,
        'Set KUBECONFIG or say --kubeconfig; in a checkout with the demo up: eval "$(make -s env)" && export KUBECONFIG',
      ],
    });
  const { access, file } = accessOf(files, options.context);
  const kube = createLiveKube({ access, fieldManager });
  const transport = createHttpTransport({ access, userAgent: fieldManager, maxSockets: 4, timeoutMs: 30_000 });
  const read = (path: string, signal: AbortSignal | undefined) =>
    transport.stream({ context: { verb: "get", kind: path.split("?")[0] ?? path }, method: "GET", path, signal });
  return {
    kube,
    called: access.server.host,
    kubectlArguments: ["--kubeconfig", file, ...(options.context === undefined ? [] : ["--context", options.context])],
    text: async (path, signal) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await read(path, signal)) as AsyncIterable<Uint8Array>) chunks.push(chunk);
      return Buffer.concat(chunks).toString("utf8");
    },
    lines: async function* (path, signal) {
      yield* splitLines((await read(path, signal)) as AsyncIterable<Uint8Array>);
    },
    close: () => {
      kube.close();
      transport.close();
    },
  };
};
