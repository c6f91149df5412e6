import { afterEach, describe, expect, it } from "@jest/globals";
import { readConfig } from "./config.ts";
import { aRoute, backendAt, portOf } from "./testing/gateway-under-test.ts";
import { call } from "./testing/http-client.ts";
import { createStage } from "./testing/stage.ts";

const stage = createStage();
afterEach(() => stage.clear());

const host = "console.example.org";
const routesTo = (port: number): Record<string, string> => ({
  PLATFORM_ROUTES: `${host}=http://127.0.0.1:${String(port)}`,
  CONNECT_PATIENCE_MS: "100",
});

describe("N1: the host of console and API", () => {
  it("leads to them, with the visitor's address and the host that was asked for", async () => {
    const api = await stage.vault((req, res) => {
      res.end([req.url, req.headers.host, req.headers["x-forwarded-host"], req.headers["x-forwarded-for"]].join(" "));
    });
    const { port } = await stage.gateway(routesTo(portOf(api)));
    const { status, body } = await call(port, { host: `${host}:8080`, path: "/api/me?a=1" });
    expect([status, body]).toEqual([200, `/api/me?a=1 ${host}:8080 ${host}:8080 127.0.0.1`]);
  });

  it("I4: is never a vault's, though a Tenant claims it", async () => {
    const [api, vault] = await Promise.all([
      stage.vault((_, res) => res.end("the console")),
      stage.vault((_, res) => res.end("a vault")),
    ]);
    const { port, table } = await stage.gateway(routesTo(portOf(api)));
    table.set(aRoute("alto", { hosts: [host], backend: backendAt(portOf(vault)) }));
    expect((await call(port, { host })).body).toBe("the console");
    expect((await call(port)).body).toBe("a vault");
  });

  it("says that it is away, as a problem, while vaults are served", async () => {
    const [gone, vault] = await Promise.all([
      stage.vault(() => undefined),
      stage.vault((_, res) => res.end("a vault")),
    ]);
    const { port, table } = await stage.gateway(routesTo(portOf(gone)));
    gone.close();
    table.set(aRoute("alto", { backend: backendAt(portOf(vault)) }));
    const { status, headers, body } = await call(port, { host, headers: { Accept: "application/json" } });
    expect([status, headers["retry-after"], JSON.parse(body)]).toEqual([
      503,
      "5",
      expect.objectContaining({ type: "urn:polyphony:problem:platform-unreachable" }),
    ]);
    expect((await call(port)).body).toBe("a vault");
  });

  it("a route that cannot be read is named", () => {
    const read = () => readConfig({ BASE_DOMAIN: "x.localhost", PLATFORM_ROUTES: "console=https://elsewhere" });
    expect(read).toThrow('PLATFORM_ROUTES: "console=https://elsewhere" is no route');
  });
});
