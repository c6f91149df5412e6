import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { countAttempts } from "../isolation/attempts.ts";
import { endpointsOf, type Endpoints, node } from "../isolation/network/endpoints.ts";
import { type Endpoint, type Flow, isAllowed, type Protocol } from "../isolation/network/network-policy-model.ts";
import { type Platform, renderPlatform } from "../isolation/network/platform.ts";

const count = countAttempts("N1", "flows between two vaults, the platform, the cluster and the world, by the policies");
let platform: Platform;
let ends: Endpoints;

beforeAll(async () => {
  platform = await renderPlatform();
  ends = endpointsOf(platform);
});
afterAll(() => count.finish());

const allowed = (flow: Omit<Flow, "address">): boolean =>
  flow.to.addresses.some((address) => isAllowed({ ...flow, address }, platform));

const tell = ({ from, to, port, protocol }: Omit<Flow, "address">): string =>
  `${from.name} -> ${to.name} ${protocol} ${port}`;

/** What must work, and nothing else: from whom, to whom, on which port. */
const wanted = (): Omit<Flow, "address">[] => {
  const { a, b, debug, gateway, operator, postgresql, migration, mail, dns, registry, falseDns, falseOperator } = ends;
  const { controlApi, controlWorker, registrySetup, redis, api } = ends;
  const flow = (from: Endpoint, to: Endpoint, port: number, protocol: Protocol = "TCP") => ({
    from,
    to,
    port,
    protocol,
  });
  /** Pods by hand in a vault's namespace are the vault's own, whatever labels they carry. */
  const ofVaults = [a, b, debug, falseDns, falseOperator];
  return [
    ...ofVaults.flatMap((vault) => [
      flow(gateway, vault, 8080),
      flow(vault, postgresql, 5432),
      flow(vault, mail, 1025),
      flow(vault, registry, 443),
      flow(vault, dns, 53),
      flow(vault, dns, 53, "UDP"),
    ]),
    flow(migration, postgresql, 5432),
    flow(migration, dns, 53),
    flow(migration, dns, 53, "UDP"),
    flow(operator, postgresql, 5432),
    flow(gateway, controlApi, 8080),
    flow(controlWorker, mail, 1025),
    ...[controlApi, controlWorker, registrySetup].flatMap((pod) => [
      flow(pod, postgresql, 5432),
      flow(pod, dns, 53),
      flow(pod, dns, 53, "UDP"),
    ]),
    flow(controlApi, redis, 6379),
    flow(controlWorker, redis, 6379),
    flow(controlWorker, api, 6443),
  ];
};

const ports = [
  22, 25, 53, 80, 443, 465, 587, 1025, 2379, 4194, 5432, 6379, 6443, 8025, 8080, 8443, 9090, 9153, 10250, 10255, 30000,
  32767,
];
const protocols: Protocol[] = ["TCP", "UDP", "SCTP"];

describe("N1: by the policies in force,", () => {
  it("what must work works", () => {
    expect(
      wanted()
        .filter((flow) => !allowed(flow))
        .map(tell),
    ).toEqual([]);
  });

  it("the node reaches a vault for its probes", () => {
    for (const port of [8080, 9090]) expect(allowed({ from: node, to: ends.a, port, protocol: "TCP" })).toBe(true);
  });

  it("nothing else does: every pair of ends in which a vault, the database, a migration, the control API or its queue is one, on every port", () => {
    const may = new Set(wanted().map(tell));
    const guarded = new Set<Endpoint>([
      ends.a,
      ends.b,
      ends.debug,
      ends.postgresql,
      ends.migration,
      ends.falseDns,
      ends.falseOperator,
      ends.controlApi,
      ends.controlWorker,
      ends.registrySetup,
      ends.redis,
    ]);
    const all = Object.values(ends);
    for (const from of all) {
      for (const to of [...all, node]) {
        if (from === to || !(guarded.has(from) || guarded.has(to))) continue;
        for (const port of ports) {
          for (const protocol of protocols) {
            const flow = { from, to, port, protocol };
            if (!may.has(tell(flow))) count.tried(tell(flow), !allowed(flow));
          }
        }
      }
    }
    expect(count.crossed()).toEqual([]);
  });

  /** What the vault only tells others and never calls itself. */
  const addressesOfItsOwn = ["PUBLIC_URL"];

  it("a vault reaches every server that its own environment names", () => {
    const servers: Record<string, Endpoint> = {
      "polyphony-postgresql.polyphony-system.svc": ends.postgresql,
      "smtp.mail.svc": ends.mail,
      "registry.example.org": ends.registry,
    };
    const defaultPorts: Record<string, number> = { "https:": 443, "http:": 80, "smtp:": 25, "smtps:": 465 };
    const called = Object.entries(platform.a.environment).filter(
      ([name, value]) => /^[a-z]+:\/\//.test(value) && !addressesOfItsOwn.includes(name),
    );
    expect(called.map(([name]) => name).sort()).toEqual(
      expect.arrayContaining(["DATABASE_URL", "REGISTRY_URL", "SMTP_URL"]),
    );
    for (const [name, value] of called) {
      const { hostname, port, protocol } = new URL(value);
      const to = servers[hostname];
      if (!to)
        throw new Error(`${name} names ${hostname}: say in this test who that is, and let a policy open the way`);
      const number = port === "" ? (defaultPorts[protocol] ?? 0) : Number(port);
      expect([name, allowed({ from: ends.a, to, port: number, protocol: "TCP" })]).toEqual([name, true]);
    }
  });

  it("without another registry named, a vault reaches its installation's own, through the gateway as everybody does", async () => {
    const own = await renderPlatform({ registryUrl: "", egress: { mail: [] } });
    expect(own.a.environment["REGISTRY_URL"]).toBe("http://console.localhost:8080");
    const { a, gateway, controlApi } = endpointsOf(own);
    const may = (to: Endpoint, port: number) =>
      isAllowed({ from: a, to, port, protocol: "TCP", address: to.addresses[0] ?? "" }, own);
    expect([may(gateway, 8080), may(gateway, 9090), may(controlApi, 8080), may(controlApi, 9090)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("a policy that is missing is noticed: without the one that denies, strangers come in", () => {
    const open = {
      ...platform,
      policies: platform.policies.filter(({ metadata }) => metadata?.namespace !== platform.a.namespace),
    };
    const flow = {
      from: ends.stranger,
      to: ends.a,
      port: 9090,
      protocol: "TCP",
      address: ends.a.addresses[0] ?? "",
    } as const;
    expect(isAllowed(flow, open)).toBe(true);
  });
});
