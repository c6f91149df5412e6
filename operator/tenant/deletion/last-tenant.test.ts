import { describe, expect, it } from "@jest/globals";
import type { RetainedVault } from "../../../crds/index.ts";
import { aTenant } from "../../../test/builders/a-world.ts";
import { readLastTenant, writeLastTenant } from "./last-tenant.ts";
import { annotations } from "../names.ts";

const recordWith = (text: string) =>
  ({ metadata: { name: "r", annotations: { [annotations.lastTenant]: text } } }) as unknown as RetainedVault;

describe("K4: the Tenant as it was, kept with its RetainedVault", () => {
  it("comes back with wishes, labels and lasting status, and without the answer to the breaker or its last words", () => {
    const tenant = aTenant({
      metadata: { labels: { team: "north" }, annotations: { [annotations.deletion]: "rejected", note: "ours" } },
      status: { phase: "Deleting", message: "…", secretVersions: { database: 2, databaseLogin: "b", signing: 1 } },
    });
    expect(readLastTenant(recordWith(writeLastTenant(tenant)))).toEqual({
      labels: { team: "north" },
      annotations: { note: "ours" },
      spec: tenant.spec,
      status: { secretVersions: { database: 2, databaseLogin: "b", signing: 1 } },
    });
  });

  it("fits beside others however much people wrote into the Tenant's annotations", () => {
    const tenant = aTenant({ metadata: { annotations: { note: "x".repeat(250_000), "polyphony.dev/a": "b" } } });
    const text = writeLastTenant(tenant);
    expect(text.length).toBeLessThan(200_000);
    expect(readLastTenant(recordWith(text))?.annotations).toEqual({ "polyphony.dev/a": "b" });
  });

  it.each(["", "{", "[]", '{"labels":{}}'])("is none when somebody has changed it to %j", (text) => {
    expect(readLastTenant(recordWith(text))).toBeNull();
  });
});
