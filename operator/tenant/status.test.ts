import { describe, expect, it } from "@jest/globals";
import { aTenant, aWorld, vaultId } from "../../test/builders/a-world.ts";
import { done, type Outcome } from "../outcome.ts";
import { statusOf } from "./status.ts";
import { eventsOf } from "./tenant-events.ts";
import type { World } from "./world.ts";

const now = new Date("2026-02-03T04:05:06.789Z");
const status = (world: World, outcome: Outcome = done(), failures = 1) =>
  statusOf({ world, outcome, failures, publicUrlTemplate: "http://{slug}.polyphony.localhost:8080", now });
const ready = (one: ReturnType<typeof status>) => one.conditions?.find((condition) => condition.type === "Ready");
const starting = { exists: true, available: false, rolledOut: false, replicas: 1, digest: null, trouble: null };
const absent = { ...starting, exists: false, replicas: 0 };
const running = { name: "choir-1.0.0", version: "1.0.0", digest: "sha256:0", schemaVersion: 1 };
const failed: Outcome = { kind: "failed", reason: "KubernetesForbidden", message: "may not patch deployments" };

describe("the status of a tenant (K1, K2)", () => {
  it("is Active and Ready with address, backend, database and release when the vault answers", () => {
    const active = status(aWorld());
    expect(active).toMatchObject({
      phase: "Active",
      url: "http://alto-ensemble.polyphony.localhost:8080",
      vaultId,
      backend: { namespace: "vault-0b0e2a5e6c1d", service: "vault", port: 8080 },
      database: { server: "default", name: "vault_0b0e2a5e6c1d4b389a510d6a0f2f4e11" },
      release: { name: "choir-1.0.0", version: "1.0.0" },
      observedGeneration: 1,
    });
    expect(ready(active)).toMatchObject({
      status: "True",
      reason: "Ready",
      lastTransitionTime: "2026-02-03T04:05:06Z",
    });
    expect(active.progress).toBeUndefined();
  });

  it("says which step of how many is under way while provisioning", () => {
    const world = aWorld({ workload: starting });
    expect(status(world)).toMatchObject({ phase: "Provisioning", progress: { step: 6, of: 9, current: "Workload" } });
  });

  it("is ReadOnly when it serves read-only", () => {
    const world = aWorld({ tenant: aTenant({ spec: { access: "ReadOnly" } }) });
    if (world.database?.roles.a) world.database.roles.a.memberOf = ["choir_ro"];
    expect(status(world).phase).toBe("ReadOnly");
  });

  it("says first why a Tenant may not have the vault that it names, whatever else is wrong (K4)", () => {
    const outcome: Outcome = { kind: "stalled", reason: "TemplateDiffers", message: "It is another's." };
    const refused = status(aWorld({ release: null, wanted: { name: "band-1.0.0", release: null } }), outcome);
    expect(ready(refused)).toMatchObject({ status: "False", reason: "TemplateDiffers" });
  });

  it("claims no database and no schema for a new Tenant that waits for its release", () => {
    const wanted = { name: "choir-9.9.9", release: null };
    const { conditions, message } = status(aWorld({ release: null, wanted, database: null, workload: absent }));
    const said = Object.fromEntries((conditions ?? []).map(({ type, reason, message }) => [type, [reason, message]]));
    expect(message).toMatch(/There is no VaultRelease "choir-9.9.9"/);
    expect(said).toMatchObject({
      Ready: ["ReleaseMissing", message],
      DatabaseReady: ["DatabasePending", "There is no database yet: it is made from a release."],
      SchemaCurrent: ["DatabasePending", "There is no database yet."],
    });
  });

  it("is Suspended with no pods, and says how to come back", () => {
    const tenant = aTenant({ spec: { activity: "Suspended" } });
    const world = aWorld({ tenant, workload: { ...starting, replicas: 0 }, endpointsReady: false });
    expect(status(world)).toMatchObject({ phase: "Suspended", message: expect.stringMatching(/activity to Running/) });
  });

  it("says of a suspended vault's route that it is suspended, whether the last pod is gone or not", () => {
    const tenant = aTenant({ spec: { activity: "Suspended" } });
    const route = (endpointsReady: boolean) =>
      status(aWorld({ tenant, workload: { ...starting, replicas: 0 }, endpointsReady })).conditions?.find(
        ({ type }) => type === "RouteReady",
      );
    expect(route(false)).toMatchObject({ status: "False", reason: "Suspended" });
    expect(route(true)).toEqual(route(false));
  });

  it("is Failed with the reason when pods cannot start and nothing ran before", () => {
    const world = aWorld({ workload: { ...starting, trouble: { reason: "CrashLoopBackOff", message: "It stops." } } });
    expect(status(world)).toMatchObject({ phase: "Failed" });
    expect(ready(status(world))).toMatchObject({ status: "False", reason: "CrashLoopBackOff" });
  });

  it("gives a failure three tries before it says Failed, and its own reason from the first", () => {
    const world = aWorld({ workload: { ...starting, exists: false } });
    expect(status(world, failed, 2).phase).toBe("Provisioning");
    expect(status(world, failed, 3).phase).toBe("Failed");
    expect(ready(status(world, failed, 1))).toMatchObject({ reason: "KubernetesForbidden" });
  });

  it("stays Active, though not Ready, while a vault that ran serves on without its database server's answer (I7)", () => {
    const world = aWorld({
      tenant: aTenant({ status: { release: running } }),
      database: null,
      databaseError: { reason: "DatabaseServerUnreachable", message: "No answer." },
    });
    expect(status(world).phase).toBe("Active");
    expect(ready(status(world))?.reason).toBe("DatabaseServerUnreachable");
  });

  it("keeps the time of the last change while a condition stays as it was", () => {
    const before = status(aWorld());
    const later = statusOf({
      world: aWorld({ tenant: { ...aTenant(), status: before } }),
      outcome: done(),
      failures: 1,
      publicUrlTemplate: "http://{slug}.polyphony.localhost:8080",
      now: new Date("2027-01-01T00:00:00Z"),
    });
    expect(later).toEqual(before);
  });
});

describe("events of a tenant (K1)", () => {
  it("are told once, when Ready changes, and never in a steady state", () => {
    const before = status(aWorld({ workload: starting }));
    const after = status(aWorld());
    expect(eventsOf(undefined, before)).toEqual([
      { type: "Normal", reason: "PodsStarting", message: expect.stringMatching(/^Step 7 of 9: /) },
    ]);
    expect(eventsOf(before, after)).toEqual([
      {
        type: "Normal",
        reason: "Ready",
        message: "The vault answers at http://alto-ensemble.polyphony.localhost:8080",
      },
    ]);
    expect(eventsOf(after, after)).toEqual([]);
  });

  it("tell once why a vault that serves is not upgraded, and that it is", () => {
    const tenant = (before: ReturnType<typeof status>) => ({ ...aTenant(), status: before });
    const before = status(aWorld());
    const seen = aWorld({ tenant: tenant(before), hold: { why: "SchemaLeftBehind", oldestSupported: 3 } });
    const held = status(seen);
    expect(eventsOf(before, held)).toMatchObject([{ type: "Warning", reason: "SchemaLeftBehind" }]);
    expect(eventsOf(held, status({ ...seen, tenant: tenant(held) }))).toEqual([]);
    const next = { ...held, release: { ...running, name: "choir-1.1.0" } };
    expect(eventsOf(held, next)).toEqual([
      { type: "Normal", reason: "ReleaseCurrent", message: "choir-1.1.0 runs in place of choir-1.0.0." },
    ]);
  });

  it("warn when a tenant fails", () => {
    const after = status(
      aWorld({ workload: { ...starting, trouble: { reason: "CrashLoopBackOff", message: "It stops." } } }),
    );
    expect(eventsOf(undefined, after)).toMatchObject([{ type: "Warning", reason: "CrashLoopBackOff" }]);
  });
});
