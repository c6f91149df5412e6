import { afterEach, describe, expect, it } from "@jest/globals";
import type { RequestListener } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { aRoute, backendAt, portOf } from "./testing/gateway-under-test.ts";
import { call, rawCall } from "./testing/http-client.ts";
import { createStage, until } from "./testing/stage.ts";

const { gateway, vault, withVault, atEnd, clear } = createStage();
afterEach(clear);

describe("N1: answers without a body", () => {
  it.each([
    { name: "HEAD keeps the length", method: "HEAD", status: 200, headers: { "Content-Length": "5" } },
    { name: "204", method: "DELETE", status: 204, headers: {} },
    { name: "304 keeps the tag", method: "GET", status: 304, headers: { ETag: '"v1"' } },
  ])("$name", async ({ method, status, headers }) => {
    const { port } = await withVault((_req, res) => res.writeHead(status, headers).end());
    const reply = await call(port, { method });
    expect(reply.status).toBe(status);
    expect(reply.body).toBe("");
    for (const [name, value] of Object.entries(headers)) expect(reply.headers[name.toLowerCase()]).toBe(value);
  });

  it("keeps the connection whole for the next request", async () => {
    const { port } = await withVault((req, res) => {
      if (req.method === "HEAD") res.writeHead(200, { "Content-Length": "5" }).end();
      else res.writeHead(204).end();
    });
    const ask = (method: string) => `${method} / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\n\r\n`;
    const text = await rawCall(port, ask("HEAD") + ask("GET") + ask("HEAD"), 500);
    expect(text.match(/HTTP\/1\.1 20[04] /g)).toHaveLength(3);
  });
});

describe("N1: Expect: 100-continue", () => {
  const head = "POST / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

  it("is answered once the vault is there, and the body follows", async () => {
    const { port } = await withVault((req, res) => {
      req.on("data", (chunk: Buffer) => res.end(`${chunk.toString()} ${req.headers.expect ?? "no expect"}`));
    });
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.write(head);
    await until(() => text.startsWith("HTTP/1.1 100 Continue"));
    socket.write("hello");
    await until(() => text.endsWith("hello no expect\r\n0\r\n\r\n") || text.endsWith("hello no expect"));
    socket.destroy();
  });

  it("is not answered with 100 when nobody is there", async () => {
    const { port } = await gateway();
    const text = await rawCall(port, head, 400);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe("I7: a vault that is away, dies or is slow", () => {
  it("is waited for while it refuses connections, and no request is lost, not even a POST", async () => {
    const server = await vault(() => undefined);
    const freePort = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { port, table, lines } = await gateway();
    table.set(aRoute("alto", { backend: backendAt(freePort) }));
    const replies = Promise.all([
      call(port),
      call(port, { method: "POST", body: "one" }),
      call(port, { method: "POST", headers: { "Transfer-Encoding": "chunked" }, body: "two" }),
    ]);
    await wait(300);
    await vault((req, res) => {
      req.pipe(res);
    }, freePort);
    expect((await replies).map(({ status, body }) => [status, body])).toEqual([
      [200, ""],
      [200, "one"],
      [200, "two"],
    ]);
    expect(lines.every((line) => Number(line["retries"]) > 0)).toBe(true);
  });

  it("cannot be reached: 503 with Retry-After and the request's number", async () => {
    const { port, table } = await gateway({ CONNECT_PATIENCE_MS: "100" });
    table.set(aRoute("alto", { backend: backendAt(1) }));
    const { status, headers, body } = await call(port, { headers: { "X-Request-Id": "request-77" } });
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("5");
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:polyphony:problem:vault-unreachable",
      requestId: "request-77",
    });
  });

  it("answers broken off are broken off for the client too, never ended as if they were whole", async () => {
    const { port } = await withVault((req, res) => {
      res.writeHead(200).write("half");
      setTimeout(() => req.socket.destroy(), 50);
    });
    await expect(call(port)).rejects.toThrow(/aborted|hang up/);
  });

  it("a GET is sent again when the vault hangs up without a word; a POST is not, and is told 502", async () => {
    let asked = 0;
    const { port } = await withVault((req, res) => {
      asked += 1;
      if (asked === 1 || req.method === "POST") req.socket.destroy();
      else res.end("here");
    });
    expect((await call(port)).body).toBe("here");
    asked = 0;
    expect((await call(port, { method: "POST", body: "pay" })).status).toBe(502);
    expect(asked).toBe(1);
  });

  it("a vault that says nothing for too long is 504", async () => {
    const { port } = await withVault(() => undefined, { ANSWER_TIMEOUT_MS: "1000" });
    expect((await call(port)).status).toBe(504);
  });

  it("a slow answer has no limit once it has begun", async () => {
    const { port } = await withVault(
      (_req, res) => {
        res.writeHead(200).write("a");
        setTimeout(() => res.end("b"), 2500);
      },
      { ANSWER_TIMEOUT_MS: "1000" },
    );
    expect((await call(port)).body).toBe("ab");
  });

  it("an answer that is not HTTP is 502", async () => {
    const server = createTcpServer((socket: Socket) => socket.end("I am no web server\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    atEnd(() => void server.close());
    const { port, table } = await gateway();
    table.set(aRoute("alto", { backend: backendAt(portOf(server)) }));
    expect((await call(port, { method: "POST" })).status).toBe(502);
  });

  it("a client that stops in the middle of its body is let go", async () => {
    const { port } = await withVault((req) => void req.resume(), { BODY_IDLE_MS: "200" });
    const head = "POST / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\nContent-Length: 100\r\n\r\nabc";
    await rawCall(port, head);
  });
});

describe("I7: a vault that stops and starts again and again under load, even without a gentle end", () => {
  it("fails no GET, and carries out no POST twice", async () => {
    const verses: string[] = [];
    const answer: RequestListener = (req, res) => {
      const sing = (): void => {
        // As a vault that is going does: this connection is not used again.
        if (!server.listening) res.shouldKeepAlive = false;
        res.end("sung");
      };
      req.on("data", (verse: Buffer) => verses.push(verse.toString()));
      req.on("end", () => setTimeout(sing, 2));
    };
    let server = await vault(answer);
    const home = portOf(server);
    const { port, table } = await gateway();
    table.set(aRoute("alto", { backend: backendAt(home) }));
    const gets = new Map<number | string, number>();
    let going = true;
    const singer = async (index: number): Promise<void> => {
      for (let i = 0; going && i < 5000; i += 1) {
        const posts = (i + index) % 3 === 0;
        const how = posts ? { method: "POST", body: `${index}/${i}` } : {};
        const status = await call(port, how).then(
          (reply) => reply.status,
          (error: unknown) => String(error),
        );
        if (!posts) gets.set(status, (gets.get(status) ?? 0) + 1);
      }
    };
    const choir = Promise.all(Array.from({ length: 12 }, (_, index) => singer(index)));
    try {
      for (let i = 0; i < 8; i += 1) {
        await wait(120);
        const old = server;
        await new Promise((resolve) => old.close(resolve));
        await wait(30);
        server = await vault(answer, home);
      }
    } finally {
      going = false;
    }
    await choir;
    expect([...gets.keys()]).toEqual([200]);
    expect(verses.length).toBeGreaterThan(50);
    expect(new Set(verses).size).toBe(verses.length);
  });
});
