import { afterEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { text } from "node:stream/consumers";
import type { ForwardRoute } from "./routes.ts";
import { cachedLookup, type ServiceLookup } from "./service-lookup.ts";
import { startTcpForwarder } from "./tcp-forwarder.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listen = async (server: Server) => {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return portOf(server);
};
const forward = async (route: Partial<ForwardRoute>, lookup: ServiceLookup) => {
  const whole = { port: 0, namespace: "ns", service: "svc", servicePort: 1, http: true, ...route };
  const server = await startTcpForwarder(
    whole,
    cachedLookup(lookup, 1000, () => 0),
  );
  servers.push(server);
  return portOf(server);
};
const ask = (port: number, question: string) => {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(question);
  return text(socket);
};

describe("the forwarder", () => {
  it("carries both directions to the end, with the client's side closed first", async () => {
    const echo = await listen(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
    const port = await forward({ servicePort: echo }, () => Promise.resolve("127.0.0.1"));
    const long = "la ".repeat(100_000);
    expect(await ask(port, long)).toBe(long);
  });

  it("says in HTTP which Service is missing, and how to get it", async () => {
    const port = await forward({ service: "polyphony-gateway" }, () => Promise.resolve(undefined));
    const answer = await ask(port, "GET / HTTP/1.1\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*polyphony-gateway.*is not there.*make demo/s);
  });

  it("says in HTTP that nothing listens behind the Service, and looks it up again next time", async () => {
    let lookups = 0;
    const closed = await listen(createServer());
    servers.splice(0).forEach((server) => server.close());
    const port = await forward({ servicePort: closed }, () => {
      lookups += 1;
      return Promise.resolve("127.0.0.1");
    });
    expect(await ask(port, "GET / HTTP/1.1\r\n\r\n")).toContain("does not answer");
    await ask(port, "GET / HTTP/1.1\r\n\r\n");
    expect(lookups).toBe(2);
  });

  it("closes a connection that is not HTTP without a word", async () => {
    const port = await forward({ http: false }, () => Promise.resolve(undefined));
    expect(await ask(port, "").catch(() => "")).toBe("");
  });

  it("names the port that another program has", async () => {
    const taken = await listen(createServer());
    await expect(forward({ port: taken }, () => Promise.resolve(undefined))).rejects.toThrow(
      `127.0.0.1:${taken} is in use`,
    );
  });
});

describe("the look-up of a Service", () => {
  it("is remembered for a short time, but not that one is missing", async () => {
    let now = 0;
    const asked: string[] = [];
    const world: { address?: string } = {};
    const lookup = cachedLookup(
      (route) => {
        asked.push(route.service);
        return Promise.resolve(world.address);
      },
      1000,
      () => now,
    );
    const route = { namespace: "ns", service: "svc" };
    expect(await lookup(route)).toBeUndefined();
    world.address = "10.0.0.1";
    expect(await lookup(route)).toBe("10.0.0.1");
    expect(await lookup(route)).toBe("10.0.0.1");
    expect(asked).toHaveLength(2);
    now = 1001;
    await lookup(route);
    expect(asked).toHaveLength(3);
  });
});
