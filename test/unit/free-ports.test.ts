import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { freePorts } from "../harness/free-ports.ts";

describe("Ports for what a test starts", () => {
  it("are all different, also those asked for at once, and come round only after hundreds of others", async () => {
    const ports = (await Promise.all([freePorts(60), freePorts(60), freePorts(60)])).flat();
    expect(new Set(ports).size).toBe(180);
  });

  it("are none that Linux gives to connections", async () => {
    const [lowest = 0] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);
    expect(Math.max(...(await freePorts(50)))).toBeLessThan(lowest);
  });

  it("leave out those that are taken", async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(port + 1, "127.0.0.1", resolve));
    expect(await freePorts(3)).not.toContain(port + 1);
    await new Promise((resolve) => server.close(resolve));
  });
});
