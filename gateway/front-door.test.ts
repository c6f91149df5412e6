import { afterEach, describe, expect, it } from "@jest/globals";
import { get, type RequestListener } from "node:http";
import { connect } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { aRoute, backendAt, portOf } from "./testing/gateway-under-test.ts";
import { call, rawCall } from "./testing/http-client.ts";
import { createStage, until } from "./testing/stage.ts";

const stage = createStage();
afterEach(() => stage.clear());

const withVault = (
  listener: RequestListener = (req, res) => res.end(`${req.headers.host ?? ""} ${req.url ?? ""}`),
  env: Record<string, string> = {},
) => stage.withVault(listener, env);

const host = "Host: alto.polyphony.localhost\r\n";

describe("N1: requests that could be read in two ways are refused", () => {
  it.each([
    {
      name: "both lengths",
      text: `POST / HTTP/1.1\r\n${host}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n`,
    },
    { name: "two lengths", text: `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab` },
    { name: "a length with a sign", text: `POST / HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\na` },
    {
      name: "an unknown transfer encoding",
      text: `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    },
    { name: "chunked not last", text: `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n` },
    { name: "a space before the colon", text: `GET / HTTP/1.1\r\n${host}X-A : b\r\n\r\n` },
    { name: "a folded header", text: `GET / HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n` },
    { name: "a NUL in a header", text: `GET / HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n` },
    { name: "two Host headers", text: `GET / HTTP/1.1\r\n${host}Host: evil.polyphony.localhost\r\n\r\n` },
    { name: "two equal Host headers", text: `GET / HTTP/1.1\r\n${host}${host}\r\n` },
    { name: "no Host header", text: "GET / HTTP/1.1\r\n\r\n" },
    { name: "an empty Host header", text: "GET / HTTP/1.1\r\nHost:\r\n\r\n" },
    { name: "a host with a path", text: "GET / HTTP/1.1\r\nHost: alto.polyphony.localhost/x\r\n\r\n" },
    { name: "a host with a user", text: "GET / HTTP/1.1\r\nHost: a@alto.polyphony.localhost\r\n\r\n" },
    { name: "a target that names another host", text: `GET http://evil.polyphony.localhost/ HTTP/1.1\r\n${host}\r\n` },
    { name: "a target of another scheme", text: `GET ftp://alto.polyphony.localhost/ HTTP/1.1\r\n${host}\r\n` },
    { name: "no path", text: `OPTIONS * HTTP/1.1\r\n${host}\r\n` },
    { name: "not HTTP", text: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n" },
  ])("$name: 400", async ({ text }) => {
    const asked: string[] = [];
    const { port } = await withVault((req, res) => {
      asked.push(req.url ?? "");
      res.end();
    });
    const answers = await rawCall(port, text, 300);
    expect(answers).toMatch(/^HTTP\/1\.1 400 /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it("an absolute target of the same host is passed on as a path", async () => {
    const { port } = await withVault();
    const text = await rawCall(port, `GET http://ALTO.polyphony.localhost?a=1 HTTP/1.1\r\n${host}\r\n`, 300);
    expect(text).toContain("alto.polyphony.localhost /?a=1");
  });

  it("CONNECT and TRACE are not offered", async () => {
    const { port } = await withVault();
    expect(await rawCall(port, `CONNECT alto.polyphony.localhost:80 HTTP/1.1\r\n${host}\r\n`, 300)).toMatch(/ 405 /);
    expect(await rawCall(port, `TRACE / HTTP/1.1\r\n${host}\r\n`, 300)).toMatch(/ 405 /);
  });

  it("h2c is no way around: the request is answered as HTTP/1.1, without its Upgrade", async () => {
    const { port } = await withVault((req, res) => res.end(`upgrade=${req.headers.upgrade ?? "none"}`));
    const head = `GET / HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n`;
    expect(await rawCall(port, head, 300)).toContain("upgrade=none");
  });

  it("headers and addresses have a size", async () => {
    const { port } = await withVault();
    const many = `GET / HTTP/1.1\r\n${host}X-Big: ${"x".repeat(40_000)}\r\n\r\n`;
    expect(await rawCall(port, many, 500)).toMatch(/^HTTP\/1\.1 431 /);
    expect((await call(port, { path: `/${"x".repeat(9000)}` })).status).toBe(414);
    expect((await call(port, { headers: { "X-Big": "x".repeat(16_000) } })).status).toBe(200);
  });
});

describe("N1: WebSockets", () => {
  const open = async (port: number, path = "/live?token=s3cret"): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { Host: "alto.polyphony.localhost" } });
    stage.atEnd(() => socket.terminate());
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return socket;
  };

  it("are joined with the vault, both ways, with forwarded headers", async () => {
    const { port, server } = await withVault();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, req) => {
      socket.on("message", (data: Buffer) =>
        socket.send(`${req.headers["x-forwarded-for"]?.toString() ?? ""} ${data.toString()}`),
      );
    });
    const socket = await open(port);
    const heard = new Promise<string>((resolve) => socket.once("message", (data: Buffer) => resolve(data.toString())));
    socket.send("hello");
    expect(await heard).toBe("127.0.0.1 hello");
    const big = new Promise<number>((resolve) => socket.once("message", (data: Buffer) => resolve(data.length)));
    socket.send("x".repeat(3_000_000));
    expect(await big).toBe(3_000_010);
  });

  it("end on both sides when either ends", async () => {
    const { port, server, lines } = await withVault();
    const sockets = new WebSocketServer({ server });
    const closed = new Promise((resolve) => sockets.on("connection", (socket) => socket.once("close", resolve)));
    (await open(port)).terminate();
    await closed;
    await until(() => lines.length > 0);
    expect(lines.at(-1)).toMatchObject({ status: 101, path: "/live", tenant: "alto" });
  });

  it("that the vault refuses are answered as the vault says", async () => {
    const { port, server } = await withVault();
    server.on("upgrade", (_req, socket) => socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"));
    const head = `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const text = await rawCall(port, head, 500);
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toMatch(/\r\n\r\nno$/);
  });

  it("to nobody are answered with the page, not with silence", async () => {
    const { port } = await withVault();
    const head =
      "GET / HTTP/1.1\r\nHost: none.polyphony.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    expect(await rawCall(port, head, 500)).toMatch(/^HTTP\/1\.1 404 [^]*nobody-here/);
  });
});

describe("N1, K2: pages instead of a vault", () => {
  const browser = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
  const progress = { step: 2, of: 6, current: "Database" };

  it.each([
    { name: "Pending", route: { phase: "Pending" }, status: 503, code: "vault-preparing", words: "being prepared" },
    {
      name: "Provisioning",
      route: { phase: "Provisioning", progress },
      status: 503,
      code: "vault-preparing",
      words: "2 of 6 steps done · now: making the database",
    },
    {
      name: "Provisioning again after it ran, with nobody there yet (K5, resumed)",
      route: { phase: "Provisioning", backend: backendAt(1) },
      status: 503,
      code: "vault-starting",
      words: "safe to wait",
    },
    {
      name: "Failed",
      route: { phase: "Failed", message: "The server <main> is full" },
      status: 503,
      code: "vault-failed",
      words: "The server &lt;main&gt; is full",
    },
    {
      name: "Suspended, with the reason (K5)",
      route: { phase: "Suspended", suspendedFor: "Not <paid>", message: "set spec.activity", backend: backendAt(1) },
      status: 403,
      code: "vault-suspended",
      words: "Not &lt;paid&gt;",
    },
    {
      name: "Suspended, with no reason given (K5)",
      route: { phase: "Suspended", message: "set spec.activity", backend: backendAt(1) },
      status: 403,
      code: "vault-suspended",
      words: "An owner of the organization can have it resumed",
    },
    { name: "Hibernated", route: { phase: "Hibernated" }, status: 503, code: "vault-asleep", words: "asleep" },
    {
      name: "Deleting",
      route: { phase: "Deleting", backend: backendAt(1) },
      status: 410,
      code: "vault-deleting",
      words: "being closed",
    },
  ] as const)("$name", async ({ route, status, code, words }) => {
    const { port, table } = await withVault();
    table.set(aRoute("alto", { ...route, organization: "Alto & Søn" }));
    const page = await call(port, { headers: browser });
    expect(page.status).toBe(status);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.body).toContain(words);
    expect(page.body).toContain("Alto &amp; Søn");
    expect(page.body).not.toContain("<script");
    // How the platform is worked is no visitor's business.
    expect(page.body).not.toContain("spec.");
    const program = await call(port, { headers: { Accept: "application/json" } });
    expect(program.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(JSON.parse(program.body)).toMatchObject({ type: `urn:polyphony:problem:${code}`, status });
  });

  it("waits by itself while the vault is being prepared", async () => {
    const { port, table } = await withVault();
    table.set(aRoute("alto", { phase: "Provisioning" }));
    const { headers } = await call(port, { headers: browser });
    expect(headers).toMatchObject({ "retry-after": "3", refresh: "3" });
  });

  it("a vault that runs is served although its last change failed (I7)", async () => {
    const { port, table, server } = await withVault();
    table.set(aRoute("alto", { phase: "Failed", backend: backendAt(portOf(server)) }));
    expect((await call(port)).status).toBe(200);
  });

  it("nobody here: 404, and a HEAD has no body", async () => {
    const { port } = await withVault();
    const page = await call(port, { host: "gone.polyphony.localhost", headers: browser });
    expect(page.status).toBe(404);
    expect(page.body).toContain("Nobody lives at this address");
    expect((await call(port, { host: "gone.polyphony.localhost", method: "HEAD" })).body).toBe("");
  });

  it.each([
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a.b'onload='x",
    "javascript:alert(1)",
    "x;y",
  ])("the host %s is never written into a page", async (bad) => {
    const { port } = await withVault();
    const text = await rawCall(port, `GET / HTTP/1.1\r\nHost: ${bad}\r\nAccept: text/html\r\n\r\n`, 300);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).not.toContain(bad);
  });

  it("the base domain itself says what this is, and reserved hosts lead nowhere", async () => {
    const { port, table, server } = await withVault();
    const start = await call(port, { host: "polyphony.localhost:8080" });
    expect(start.status).toBe(200);
    expect(start.body).toContain("Here is Polyphony");
    expect((await call(port, { host: "polyphony.localhost", path: "/x" })).status).toBe(404);
    table.set(aRoute("api", { backend: backendAt(portOf(server)) }));
    expect((await call(port, { host: "api.polyphony.localhost" })).status).toBe(404);
  });
});

describe("I9: secrets in links stay out of the log", () => {
  it("logs neither queries nor anything of a path but words", async () => {
    const { port, lines } = await withVault();
    await call(port, { path: "/login/Zm9vYmFyYmF6cXV4?token=canary-1#x" });
    await call(port, { path: "/a?code=canary-2", headers: { Authorization: "Bearer canary-3", Cookie: "s=canary-4" } });
    expect(lines[0]).toMatchObject({ path: "/login/…", status: 200, method: "GET", tenant: "alto" });
    expect(JSON.stringify(lines)).not.toMatch(/canary|Zm9v/);
  });
});

describe("I7: the internal port", () => {
  it("is ready once the table is filled, alive from the beginning, and counts", async () => {
    const { port, internalPort, setSynced } = await withVault();
    setSynced(false);
    expect((await call(internalPort, { path: "/readyz" })).status).toBe(503);
    expect((await call(internalPort, { path: "/healthz" })).status).toBe(200);
    setSynced(true);
    expect((await call(internalPort, { path: "/readyz" })).status).toBe(200);
    await call(port);
    await call(port, { host: "none.polyphony.localhost" });
    const { body } = await call(internalPort, { path: "/metrics" });
    expect(body).toContain('polyphony_gateway_requests_total{code="2xx"} 1');
    expect(body).toContain('polyphony_gateway_requests_total{code="4xx"} 1');
    expect(body).toContain("polyphony_gateway_hosts 1");
    expect(body).toContain("polyphony_gateway_watch_age_seconds 1.234");
    expect(body).toContain("polyphony_gateway_requests_in_flight 0");
  });
});

describe("I7: stopping drops nothing", () => {
  it("is not ready at once, answers what comes and what is under way, then closes", async () => {
    let asked = false;
    const slowly: RequestListener = (_req, res) => {
      asked = true;
      setTimeout(() => res.end("in the end"), 1800);
    };
    const { port, internalPort, stop } = await withVault(slowly, { SHUTDOWN_DELAY_MS: "1200" });
    const underWay = call(port);
    await until(() => asked);
    const stopped = stop();
    expect((await call(internalPort, { path: "/readyz" })).status).toBe(503);
    const late = call(port);
    expect((await underWay).body).toBe("in the end");
    const last = await late;
    expect(last.body).toBe("in the end");
    expect(last.headers.connection).toBe("close");
    await stopped;
    await expect(call(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("gives open WebSockets and streams their time, and no more", async () => {
    const { port, server, stop } = await withVault(
      (_req, res) => res.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: 1\n\n"),
      { DRAIN_MS: "400" },
    );
    new WebSocketServer({ server });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { Host: "alto.polyphony.localhost" } });
    await new Promise((resolve) => socket.once("open", resolve));
    socket.on("error", () => undefined);
    const stream = get({ host: "127.0.0.1", port, headers: { Host: "alto.polyphony.localhost" } });
    stream.on("error", () => undefined).on("response", (res) => res.on("error", () => undefined).resume());
    await new Promise((resolve) => stream.once("response", resolve));
    const before = performance.now();
    await stop();
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(350);
    const refused = connect(port, "127.0.0.1");
    await new Promise((resolve) => refused.once("error", resolve));
  });
});
