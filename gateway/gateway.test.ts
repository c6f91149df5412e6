import { afterEach, describe, expect, it } from "@jest/globals";
import { request, type RequestListener } from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { aRoute, backendAt, portOf } from "./testing/gateway-under-test.ts";
import { call, rawCall } from "./testing/http-client.ts";
import { createStage, until } from "./testing/stage.ts";

const { gateway, vault, withVault, clear } = createStage();
afterEach(clear);

describe("N1: each host reaches its own vault", () => {
  it("passes method, path with query, headers and body on, and the answer back", async () => {
    const { port } = await withVault((req, res) => {
      let body = "";
      req.on("data", (chunk: Buffer) => (body += chunk.toString()));
      req.on("end", () => {
        res.writeHead(201, "Sung", { "Set-Cookie": ["a=1", "b=2"], "X-Own": "yes" });
        res.end(JSON.stringify({ method: req.method, url: req.url, song: req.headers["x-song"], body }));
      });
    });
    const reply = await call(port, {
      method: "PUT",
      path: "/songs/1?key=G%20dur",
      headers: { "X-Song": "alt" },
      body: "la la",
    });
    expect(reply.status).toBe(201);
    expect(reply.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(reply.headers["x-own"]).toBe("yes");
    expect(JSON.parse(reply.body)).toEqual({ method: "PUT", url: "/songs/1?key=G%20dur", song: "alt", body: "la la" });
  });

  it("tells 1,000 hosts apart, and a new one answers at once", async () => {
    const server = await vault((req, res) => res.end(req.headers.host));
    const { port, table } = await gateway();
    for (let i = 0; i < 1000; i += 1) table.set(aRoute(`choir-${i}`, { backend: backendAt(portOf(server)) }));
    for (const i of [0, 7, 999]) {
      const host = `choir-${i}.polyphony.localhost:8080`;
      expect((await call(port, { host })).body).toBe(host);
    }
    table.set(aRoute("late", { backend: backendAt(portOf(server)) }));
    expect((await call(port, { host: "late.polyphony.localhost" })).status).toBe(200);
    table.remove("late");
    expect((await call(port, { host: "late.polyphony.localhost" })).status).toBe(404);
  });

  it("never routes to a vault's internal port", async () => {
    const { port, table } = await gateway();
    table.set(aRoute("alto", { backend: backendAt(9090) }));
    expect((await call(port)).status).toBe(503);
  });
});

describe("N1: forwarded headers", () => {
  const echo: RequestListener = (req, res) => res.end(JSON.stringify(req.headers));
  const forged = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    X_Forwarded_For: "203.0.113.9",
    Forwarded: "for=203.0.113.9",
    "X-Real-IP": "203.0.113.9",
  };
  const seen = async (port: number, headers: Record<string, string>): Promise<Record<string, string | undefined>> =>
    JSON.parse((await call(port, { headers })).body) as Record<string, string | undefined>;

  it("says who asked, for which host and by which scheme, whatever the client pretends", async () => {
    const { port } = await withVault(echo);
    const headers = await seen(port, { ...forged, Connection: "X-Secret-Hop", "X-Secret-Hop": "1", TE: "trailers" });
    expect(headers).toMatchObject({
      host: "alto.polyphony.localhost",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "alto.polyphony.localhost",
      "x-forwarded-proto": "http",
    });
    for (const gone of ["forwarded", "x-real-ip", "x_forwarded_for", "x-secret-hop", "te"]) {
      expect(headers[gone]).toBeUndefined();
    }
  });

  it("believes a trusted proxy, and what it saw first", async () => {
    const { port } = await withVault(echo, { TRUSTED_PROXIES: "127.0.0.0/8, 10.0.0.0/8" });
    const headers = await seen(port, { ...forged, "X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.1.2.3" });
    expect(headers["x-forwarded-for"]).toBe("203.0.113.9");
    expect(headers["x-forwarded-proto"]).toBe("https");
    expect(headers["x-forwarded-host"]).toBe("alto.polyphony.localhost");
  });

  it("passes a well-formed request id on and answers with it, and replaces any other", async () => {
    const { port } = await withVault(echo);
    const given = await call(port, { headers: { "X-Request-Id": "my-own-id-1" } });
    expect(given.headers["x-request-id"]).toBe("my-own-id-1");
    expect((JSON.parse(given.body) as Record<string, string>)["x-request-id"]).toBe("my-own-id-1");
    const odd = await call(port, { headers: { "X-Request-Id": "<b>" } });
    expect(odd.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("removes the vault's hop-by-hop headers", async () => {
    const { port } = await withVault((_req, res) => {
      res.writeHead(200, { Connection: "keep-alive, X-Hop", "X-Hop": "1", "Proxy-Authenticate": "Basic" }).end("x");
    });
    const { headers } = await call(port);
    expect(headers["x-hop"]).toBeUndefined();
    expect(headers["proxy-authenticate"]).toBeUndefined();
  });
});

describe("N1: streaming", () => {
  it("takes an upload of 50 MB without holding it in memory", async () => {
    let arrived = 0;
    let furthestAhead = 0;
    const { port } = await withVault((req, res) => {
      // A vault that reads slowly at first: whatever piles up, piles up in the gateway.
      req.pause();
      setTimeout(() => req.resume(), 300);
      req.on("data", (chunk: Buffer) => (arrived += chunk.length));
      req.on("end", () => res.end(String(arrived)));
    });
    const chunk = Buffer.alloc(1 << 20, "s");
    const reply = await new Promise<string>((resolve, reject) => {
      const req = request({
        host: "127.0.0.1",
        port,
        method: "POST",
        headers: { Host: "alto.polyphony.localhost", "Content-Length": 50 * chunk.length },
      });
      let sent = 0;
      const send = (): void => {
        while (sent < 50) {
          sent += 1;
          furthestAhead = Math.max(furthestAhead, sent * chunk.length - arrived);
          if (!req.write(chunk)) {
            req.once("drain", send);
            return;
          }
        }
        req.end();
      };
      req.on("error", reject);
      req.on("response", (res) => res.on("data", (text: Buffer) => resolve(text.toString())));
      send();
    });
    expect(reply).toBe(String(50 * chunk.length));
    // What the client has got rid of and the vault has not got: the gateway's memory and the sockets' buffers.
    expect(furthestAhead).toBeLessThan(20 << 20);
  });

  it("does not read on when the client does not: a download waits in the vault", async () => {
    let written = 0;
    const { port } = await withVault((_req, res) => {
      const chunk = Buffer.alloc(1 << 18);
      const more = (): void => {
        while (written < 200) {
          written += 1;
          if (!res.write(chunk)) {
            res.once("drain", more);
            return;
          }
        }
        res.end();
      };
      more();
    });
    const socket = connect(port, "127.0.0.1");
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\n\r\n");
    await wait(500);
    expect(written).toBeLessThan(120);
    let bytes = 0;
    socket.on("data", (chunk) => (bytes += chunk.length)).resume();
    await until(() => bytes > 200 * (1 << 18));
    socket.destroy();
  });

  it("sends each server-sent event at once, and the headers before the first", async () => {
    let send: ((text: string) => void) | undefined;
    const { port } = await withVault((_req, res) => {
      res.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
      send = (text) => res.write(text);
    });
    const got: string[] = [];
    let status = 0;
    const req = request({ host: "127.0.0.1", port, headers: { Host: "alto.polyphony.localhost" } }, (res) => {
      status = res.statusCode ?? 0;
      res.on("data", (chunk: Buffer) => got.push(chunk.toString()));
      res.on("error", () => undefined);
    });
    req.on("error", () => undefined).end();
    await until(() => status === 200);
    for (const event of ["data: one\n\n", "data: two\n\n"]) {
      send?.(event);
      await until(() => got.at(-1) === event);
    }
    req.destroy();
  });

  it("ends the vault's work when the client goes away", async () => {
    let ended = false;
    const { port } = await withVault((req, res) => {
      res.writeHead(200).write("begun");
      req.on("close", () => (ended = true));
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await until(() => ended);
  });

  it("ends the vault's work when the client goes away in the middle of its upload", async () => {
    let [begun, aborted] = [false, false];
    const { port } = await withVault((req) => {
      begun = true;
      req.on("error", () => (aborted = true)).resume();
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\nContent-Length: 100000\r\n\r\nabc");
    await until(() => begun);
    socket.destroy();
    await until(() => aborted);
  });

  it("gives the vault's early answer to a client that is still sending", async () => {
    const { port } = await withVault((_req, res) => {
      res.writeHead(413, { "Content-Length": "9" }).end("too large");
    });
    const text = await rawCall(
      port,
      `POST / HTTP/1.1\r\nHost: alto.polyphony.localhost\r\nContent-Length: 500000\r\n\r\n${"x".repeat(70000)}`,
      700,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain("too large");
  });
});
