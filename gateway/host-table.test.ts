import { describe, expect, it } from "@jest/globals";
import { createHostTable } from "./host-table.ts";
import { aRoute } from "./testing/gateway-under-test.ts";

const table = (reserved: string[] = []) =>
  createHostTable({ baseDomain: "polyphony.localhost", reservedSlugs: new Set(reserved) });

describe("N1: which vault answers at which host", () => {
  it("finds a vault by its slug and by hosts of its own, and forgets all of them together", () => {
    const hosts = table();
    hosts.set(aRoute("alto", { hosts: ["alto.example.org"] }));
    expect(hosts.find("alto.polyphony.localhost")?.slug).toBe("alto");
    expect(hosts.find("alto.example.org")?.slug).toBe("alto");
    expect([hosts.vaults, hosts.hosts]).toEqual([1, 2]);
    hosts.remove("alto");
    expect(hosts.find("alto.example.org")).toBeUndefined();
    expect([hosts.vaults, hosts.hosts]).toEqual([0, 0]);
  });

  it("replaces what it knew of a vault, its former hosts included", () => {
    const hosts = table();
    hosts.set(aRoute("alto", { hosts: ["old.example.org"] }));
    hosts.set(aRoute("alto", { hosts: ["new.example.org"], phase: "Suspended" }));
    expect(hosts.find("old.example.org")).toBeUndefined();
    expect(hosts.find("new.example.org")?.phase).toBe("Suspended");
  });

  it("nobody takes another's host, the platform's, or the base domain by claiming it (I4)", () => {
    const hosts = table(["api"]);
    const claimed = ["alto.polyphony.localhost", "api.polyphony.localhost", "polyphony.localhost"];
    hosts.set(aRoute("evil", { hosts: claimed }));
    for (const host of claimed) expect(hosts.find(host)).toBeUndefined();
    hosts.set(aRoute("alto"));
    expect(hosts.find("alto.polyphony.localhost")?.slug).toBe("alto");
    hosts.set(aRoute("api"));
    expect(hosts.find("api.polyphony.localhost")).toBeUndefined();
  });

  it("a host that two claim belongs to the older, whoever was seen first, and to the other when it goes", () => {
    const hosts = table();
    const younger = aRoute("younger", { hosts: ["sing.example.org"], created: 2 });
    const older = aRoute("older", { hosts: ["sing.example.org"], created: 1 });
    hosts.set(younger);
    hosts.set(older);
    expect(hosts.find("sing.example.org")?.slug).toBe("older");
    hosts.remove("older");
    expect(hosts.find("sing.example.org")?.slug).toBe("younger");
  });

  it("names of objects are only names", () => {
    const hosts = table();
    for (const odd of ["__proto__", "constructor", "hasOwnProperty"]) expect(hosts.find(odd)).toBeUndefined();
  });
});
