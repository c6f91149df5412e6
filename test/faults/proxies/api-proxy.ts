import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { type ApiCall, apiCall, describeCall } from "./api-call.ts";
import type { Gate, Passing, Verdict } from "./effect.ts";

/** A read that was answered: the proof of what the operator knew before it destroyed anything. */
export interface SeenRead {
  readonly call: ApiCall;
  readonly status: number;
  readonly body: string;
  /** By performance.now(). */
  readonly atMs: number;
}

/** What a plan may do to any request, reads included, beside the gate's say over writes. */
export interface ApiRules {
  /** An answer instead of the server's, or undefined to go on. */
  answer?(call: ApiCall): Verdict | undefined;
  /** Another query in place of the request's own. */
  rewrite?(call: ApiCall): URL | undefined;
  /** Nothing more passes on this watch, and nobody is told. */
  blackHole?(call: ApiCall): boolean;
  /** Another body in place of the server's answer to a list. */
  replaceList?(call: ApiCall, body: string): string | undefined;
}

/** An HTTP proxy before the API server: every write passes the gate. */
export interface ApiProxy {
  readonly url: string;
  /** Replaces the rules; {} ends them. */
  rule(rules: ApiRules): void;
  /** Requests so far, watches and the Lease's not counted. */
  calls(): number;
  /** From now on open watches pass nothing on. */
  silenceWatches(): void;
  drop(): void;
  close(): Promise<void>;
}

export interface ApiProxyOptions {
  readonly target: URL;
  readonly ca: string;
  readonly gate: Gate;
  readonly onRead: (read: SeenRead) => void;
}

const bodyOf = async (stream: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const refuse = (outgoing: ServerResponse, { status, retryAfter }: Exclude<Verdict, string>): void => {
  const reason = status === 409 ? "Conflict" : "ServiceUnavailable";
  const body = JSON.stringify({
    kind: "Status",
    status: "Failure",
    code: status,
    reason,
    message: "a fault of the test",
  });
  const retry = retryAfter ? { "Retry-After": retryAfter } : {};
  outgoing.writeHead(status, { "Content-Type": "application/json", ...retry }).end(body);
};

/** Says no by the verdict; true when there is nothing more to do. */
const stopped = (verdict: Verdict | undefined, outgoing: ServerResponse): boolean => {
  if (verdict === undefined || verdict === "pass") return false;
  if (verdict === "cut") outgoing.destroy();
  else refuse(outgoing, verdict);
  return true;
};

export const startApiProxy = async ({ target, ca, gate, onRead }: ApiProxyOptions): Promise<ApiProxy> => {
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 64 });
  let rules: ApiRules = {};
  let calls = 0;
  const watches = new Set<IncomingMessage>();

  const upstream = (incoming: IncomingMessage, url: URL, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, host: target.host };
      const options = { method: incoming.method, path: url.pathname + url.search, headers, agent };
      request(target, options, resolve).on("error", reject).end(body);
    });

  const watch = async (call: ApiCall, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const answer = await upstream(incoming, rules.rewrite?.(call) ?? call.url, Buffer.alloc(0));
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
    watches.add(answer);
    outgoing.on("close", () => {
      watches.delete(answer);
      answer.destroy();
    });
    answer.on("error", () => outgoing.destroy());
    if (rules.blackHole?.(call)) answer.pause();
    else answer.pipe(outgoing);
  };

  const read = async (call: ApiCall, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const answer = await upstream(incoming, rules.rewrite?.(call) ?? call.url, Buffer.alloc(0));
    const body = await bodyOf(answer);
    if (call.verb === "get")
      onRead({ call, status: answer.statusCode ?? 0, body: body.toString("utf8"), atMs: performance.now() });
    const replaced = rules.replaceList?.(call, body.toString("utf8"));
    const headers = { ...answer.headers };
    if (replaced !== undefined) headers["content-length"] = String(Buffer.byteLength(replaced));
    outgoing.writeHead(answer.statusCode ?? 502, headers).end(replaced ?? body);
  };

  const write = async (call: ApiCall, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const text = `${call.url.pathname}\n${body.toString("utf8")}`;
    const passing: Passing = { system: "kubernetes", what: describeCall(call, body.toString("utf8")), text };
    if (stopped(await gate.before(passing), outgoing)) return;
    const stored = async () => {
      const answer = await upstream(incoming, call.url, body);
      return { answer, reply: await bodyOf(answer) };
    };
    const { answer, reply } = await stored().catch((error: unknown) => {
      gate.lost(passing);
      throw error;
    });
    const status = answer.statusCode ?? 502;
    if (stopped(await gate.after(passing, { ok: status < 300, tags: [] }), outgoing)) return;
    outgoing.writeHead(status, answer.headers).end(reply);
  };

  const server = createServer((incoming, outgoing) => {
    const call = apiCall(incoming);
    const elects = call.resource === "leases";
    if (!elects && call.verb !== "watch") calls += 1;
    const faulty = elects ? undefined : rules.answer?.(call);
    if (faulty !== undefined && faulty !== "pass") {
      incoming.resume();
      stopped(faulty, outgoing);
      return;
    }
    const serve = call.verb === "watch" ? watch : call.writes ? write : read;
    serve(call, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rule: (next) => void (rules = next),
    calls: () => calls,
    silenceWatches: () => {
      for (const answer of watches) answer.unpipe().pause();
    },
    drop: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
