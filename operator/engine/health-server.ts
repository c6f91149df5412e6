import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

/** Says why something is not well, or undefined. */
export type Check = () => string | undefined | Promise<string | undefined>;

export interface HealthServer {
  /** The port it listens on; `port: 0` gives a free one. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

export interface HealthServerOptions {
  readonly port: number;
  readonly registry: Registry;
  /** Failing: restart this process. */
  readonly live: Readonly<Record<string, Check>>;
  /** Failing: send no traffic, count it as not available. */
  readonly ready: Readonly<Record<string, Check>>;
}

const answer = (response: ServerResponse, status: number, body: string, type = "text/plain; charset=utf-8"): void => {
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
};

const judge = async (response: ServerResponse, checks: Readonly<Record<string, Check>>): Promise<void> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, problem: await check() })),
  );
  const bad = results.filter((result) => result.problem !== undefined);
  const lines = results.map(({ name, problem }) => `${name}: ${problem ?? "ok"}`).join("\n");
  answer(response, bad.length === 0 ? 200 : 503, `${lines}\n`);
};

/** /healthz, /readyz and /metrics on one port, each check with its reason in the body. */
export const createHealthServer = ({ port, registry, live, ready }: HealthServerOptions): HealthServer => {
  const route = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === "/healthz") return judge(response, live);
    if (path === "/readyz") return judge(response, ready);
    if (path === "/metrics") {
      answer(response, 200, await registry.metrics(), registry.contentType);
      return;
    }
    answer(response, 404, "here are /healthz, /readyz and /metrics\n");
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    route(path, response).catch((error: unknown) => answer(response, 500, `${(error as Error).message}\n`));
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, () => resolve((server.address() as AddressInfo).port));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
