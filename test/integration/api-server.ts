import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { kubeconfigAccess } from "../../kube/cluster-access.ts";
import { started } from "../harness/started.ts";

/** What the API server said. */
export interface Answer {
  status: number;
  /** The object, or the Status of a refusal. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read any object of the API
  body: any;
  /** The words of a refusal; empty otherwise. */
  message: string;
}

export interface CallOptions {
  body?: unknown;
  /** Account to impersonate, as `kubectl --as`. */
  as?: string | undefined;
  groups?: string[];
  contentType?: string;
  accept?: string;
}

/** The API server of the test run, asked over plain HTTPS so that a suite sees exactly what it answers. */
export interface ApiServer {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The same with a body as it is, such as YAML. */
  send(method: string, path: string, text: string, contentType: string): Promise<Answer>;
  /** Server-side apply, forced, of objects with a name. */
  apply(path: string, object: object, options?: CallOptions): Promise<Answer>;
  close(): void;
}

/** The groups that the API server gives a service account besides its name. */
export const serviceAccountGroups = (namespace: string): string[] => [
  "system:serviceaccounts",
  `system:serviceaccounts:${namespace}`,
  "system:authenticated",
];

/**
 * Connects to the API server that the harness started (POLYPHONY_TEST_KUBECONFIG): as its administrator, with somebody
 * else's bearer token, or with none (an empty token).
 */
export async function connectApiServer(token?: string): Promise<ApiServer> {
  const file = started.kubeconfig();
  readFileSync(file);
  const access = kubeconfigAccess(file);
  const { ca, authorization: administrator = "" } = await access.credentials();
  const authorization = token === undefined ? administrator : token && `Bearer ${token}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca });
  const ask = (method: string, path: string, sent: string | undefined, options: CallOptions): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string | string[]> = {
        ...(authorization === "" ? {} : { authorization }),
        accept: options.accept ?? "application/json",
        "content-type": options.contentType ?? "application/json",
        // Node.js frames the body of a DELETE only when it is told its length.
        ...(sent === undefined ? {} : { "content-length": String(Buffer.byteLength(sent)) }),
      };
      if (options.as) {
        headers["impersonate-user"] = options.as;
        headers["impersonate-group"] = options.groups ?? groupsOf(options.as);
      }
      const asking = request(new URL(path, access.server), { method, agent, headers }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.on("error", reject);
        reply.on("end", () => resolve(answerOf(reply.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"))));
      });
      asking.on("error", reject);
      asking.end(sent);
    });
  const call: ApiServer["call"] = (method, path, options = {}) =>
    ask(method, path, options.body === undefined ? undefined : JSON.stringify(options.body), options);
  return {
    call,
    send: (method, path, text, contentType) => ask(method, path, text, { contentType }),
    apply: (path, object, options = {}) =>
      call("PATCH", `${path}${path.includes("?") ? "&" : "?"}fieldManager=test&force=true`, {
        ...options,
        body: object,
        contentType: "application/apply-patch+yaml",
      }),
    close: () => agent.destroy(),
  };
}

function groupsOf(account: string): string[] {
  const [, kind, namespace] = account.split(":");
  return kind === "serviceaccount" && namespace ? serviceAccountGroups(namespace) : ["system:authenticated"];
}

function answerOf(status: number, text: string): Answer {
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Some answers (readyz, a proxy's error) are plain text.
  }
  const message = status < 400 ? "" : ((body as { message?: string }).message ?? text);
  return { status, body, message };
}
