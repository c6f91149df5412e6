import { beforeEach, describe, expect, it } from "@jest/globals";
import { kinds } from "../kube/kinds.ts";
import { definitionKind } from "./doctor/crds-current.ts";
import { retainedVaults, servers, templates, tenants } from "./names.ts";
import {
  activeStatus,
  condition,
  good,
  put,
  putInstallation,
  putRetained,
  putServer,
  putTenant,
  urlOf,
} from "./testing/a-cluster.ts";
import { operatorTexts, policyBinding, putSystem, renew, system } from "./testing/an-installation.ts";
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from "./testing/fake-world.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

const aWorld = async (options: FakeWorldOptions = {}): Promise<FakeWorld> => {
  const world = createFakeWorld({
    texts: operatorTexts(3),
    visits: { [urlOf("alto-ensemble")]: { status: 200 } },
    ...options,
  });
  await putInstallation(world.kube);
  await putSystem(world);
  await world.timer.advance(60_000);
  await renew(world);
  return world;
};

type Report = {
  healthy: boolean;
  firstBroken: string | null;
  checks: { check: string; state: string; message: string; fix?: string }[];
};

const examine = async (world: FakeWorld, ...args: string[]): Promise<Report & { code: number }> => {
  const { code, out } = await world.polyphony(["doctor", ...args, "-o", "json"]);
  return { code, ...(JSON.parse(out) as Report) };
};

describe("doctor on an installation", () => {
  it("finds nothing where all is well", async () => {
    const world = await aWorld();
    expectGolden("doctor-well", shown(["doctor"], await world.polyphony(["doctor"])));
    expect(await examine(world)).toMatchObject({ healthy: true, firstBroken: null, code: 0 });
  });

  const failures: { what: string; broken: string; says: RegExp; harm: (world: FakeWorld) => Promise<unknown> }[] = [
    {
      what: "Polyphony is not installed",
      broken: "resource definitions",
      says: /does not know tenants\.polyphony\.dev\./,
      harm: ({ kube }) => kube.delete(definitionKind, { name: "tenants.polyphony.dev" }),
    },
    {
      what: "the definitions are older than the program",
      broken: "their versions",
      says: /tenants\.polyphony\.dev lacks apiVersion/,
      harm: ({ kube }) => kube.patch(definitionKind, { name: "tenants.polyphony.dev" }, { spec: { versions: [] } }),
    },
    {
      what: "there is no operator",
      broken: "operator",
      says: /No operator is installed/,
      harm: ({ kube }) => kube.delete(kinds.deployment, { name: "polyphony-operator", namespace: system }),
    },
    {
      what: "the operator's image cannot be pulled",
      broken: "operator",
      says: /ImagePullBackOff/,
      harm: async ({ kube }) => {
        const waiting = {
          name: "operator",
          restartCount: 0,
          state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
        };
        await kube.patchStatus(
          kinds.pod,
          { name: "polyphony-operator-0", namespace: system },
          { status: { containerStatuses: [waiting] } },
        );
        await kube.patchStatus(
          kinds.deployment,
          { name: "polyphony-operator", namespace: system },
          { status: { availableReplicas: 0 } },
        );
      },
    },
    {
      what: "nobody leads",
      broken: "leader",
      says: /has not renewed its Lease/,
      harm: ({ timer }) => timer.advance(60_000),
    },
    {
      what: "there is no Lease",
      broken: "leader",
      says: /nobody holds the Lease/,
      harm: ({ kube }) => kube.delete(kinds.lease, { name: "polyphony-operator", namespace: system }),
    },
    {
      what: "an admission policy is not bound",
      broken: "admission policies",
      says: /not bound: reserved-slugs/,
      harm: ({ kube }) => kube.delete(policyBinding, { name: "polyphony-reserved-slugs" }),
    },
    {
      what: "a channel points at nothing",
      broken: "templates and releases",
      says: /points at choir-9\.0\.0, which does not exist/,
      harm: ({ kube }) => kube.patch(templates, { name: "choir" }, { spec: { channels: { stable: "9.0.0" } } }),
    },
    {
      what: "a server cannot be reached",
      broken: "database servers",
      says: /default is not ready: DatabaseServerUnreachable/,
      harm: ({ kube }) =>
        kube.patchStatus(
          servers,
          { name: "default" },
          {
            status: { conditions: [condition("Ready", "False", "DatabaseServerUnreachable", "No answer.")] },
          },
        ),
    },
    {
      what: "the gateway is down",
      broken: "gateway",
      says: /no vault can be reached/,
      harm: ({ kube }) =>
        kube.patchStatus(
          kinds.deployment,
          { name: "polyphony-gateway", namespace: system },
          { status: { availableReplicas: 0 } },
        ),
    },
    {
      what: "the cluster refuses a vault's pods",
      broken: "vaults' pods",
      says: /refuses pods of the tenant "alto-ensemble": exceeded quota/,
      harm: ({ kube }) =>
        kube.patchStatus(
          kinds.deployment,
          { name: "vault", namespace: "vault-155fdf153ecc" },
          {
            status: {
              conditions: [
                { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "exceeded quota" },
              ],
            },
          },
        ),
    },
    {
      what: "a tenant failed",
      broken: "tenants",
      says: /song-club failed: PlanUnknown/,
      harm: ({ kube }) =>
        putTenant(kube, "song-club", {
          status: activeStatus("song-club", {
            phase: "Failed",
            conditions: [condition("Ready", "False", "PlanUnknown", "no")],
          }),
        }),
    },
  ];
  it.each(failures)(
    "names $broken first when $what, with the way to mend it, and ends with 1",
    async ({ broken, says, harm }) => {
      const world = await aWorld();
      await harm(world);
      const report = await examine(world);
      expect(report).toMatchObject({ code: 1, healthy: false, firstBroken: broken });
      const link = report.checks.find(({ check }) => check === broken);
      expect(link).toMatchObject({
        state: "broken",
        message: expect.stringMatching(says),
        fix: expect.stringMatching(/./),
      });
    },
  );

  it("says what cannot be judged while the definitions are missing", async () => {
    const world = await aWorld();
    await world.kube.delete(definitionKind, { name: "tenants.polyphony.dev" });
    expectGolden("doctor-not-installed", shown(["doctor"], await world.polyphony(["doctor"])));
  });

  it("a leader whose clock is slow leads all the same, as it renews", async () => {
    const world = await aWorld();
    await world.timer.advance(60_000);
    const outcome = await world.polyphony(["doctor", "-o", "json"], async () => {
      await world.timer.advance(1_000);
      const { kube } = world;
      await kube.patch(
        kinds.lease,
        { name: "polyphony-operator", namespace: system },
        { spec: { renewTime: "2020-01-01T00:00:00Z" } },
      );
    });
    expect(JSON.parse(outcome.out)).toMatchObject({ healthy: true });
  });

  it("finds a watch that has gone silent, and says when it could not ask", async () => {
    expect(await examine(await aWorld({ texts: operatorTexts(300) }))).toMatchObject({ firstBroken: "watches" });
    const { checks } = await examine(await aWorld({ texts: { "/version": '{"gitVersion":"v1"}' } }));
    expect(checks.find(({ check }) => check === "watches")).toMatchObject({ state: "not probed" });
  });

  const warnings: { what: string; check: string; says: RegExp; harm: (world: FakeWorld) => Promise<unknown> }[] = [
    {
      what: "recovery after a crash would be slow",
      check: "database servers",
      says: /recovery_init_sync_method/,
      harm: ({ kube }) =>
        putServer(kube, [
          condition("SettingsSafe", "False", "SlowCrashRecovery", "recovery_init_sync_method is fsync."),
        ]),
    },
    {
      what: "a namespace belongs to nobody",
      check: "orphans",
      says: /vault-0000 belongs to no tenant/,
      harm: ({ kube }) =>
        put(kube, kinds.namespace, {
          metadata: { name: "vault-0000", labels: { "polyphony.dev/vault": "true", "polyphony.dev/vault-id": "gone" } },
        }),
    },
    {
      what: "databases belong to nobody",
      check: "orphans",
      says: /holds 3 vaults' databases, and only 1/,
      harm: ({ kube }) => kube.patchStatus(servers, { name: "default" }, { status: { databases: 3 } }),
    },
    {
      what: "deletions wait for an answer",
      check: "tenants",
      says: /1 deletion waits for an answer/,
      harm: ({ kube }) =>
        kube.patchStatus(
          tenants,
          { name: "alto-ensemble" },
          {
            status: { conditions: [...good, condition("DeletionHeld", "True", "DeletionBreakerOpen", "Many.")] },
          },
        ),
    },
  ];
  it.each(warnings)("warns when $what, and ends with 0", async ({ check, says, harm }) => {
    const world = await aWorld();
    await harm(world);
    const report = await examine(world);
    expect(report).toMatchObject({ code: 0, healthy: true });
    expect(report.checks.find((one) => one.check === check)).toMatchObject({
      state: "warning",
      message: expect.stringMatching(says),
    });
  });

  it("counts what retained vaults keep as theirs", async () => {
    const world = await aWorld();
    await putRetained(world.kube);
    await world.kube.patchStatus(servers, { name: "default" }, { status: { databases: 2 } });
    expect((await world.kube.list(retainedVaults)).length).toBe(1);
    expect((await examine(world)).checks.find(({ check }) => check === "orphans")).toMatchObject({ state: "ok" });
  });
});

describe("doctor on the network", () => {
  const ends: { fenced: string; state: string }[] = [
    { fenced: "Failed", state: "ok" },
    { fenced: "Succeeded", state: "warning" },
  ];
  it.each(ends)(
    "--probe-network: the fenced pod that $fenced says $state, and the probe is gone again",
    async ({ fenced, state }) => {
      const world = await aWorld();
      const { kube } = world;
      const before = (await kube.list(kinds.namespace)).length;
      const { out } = await world.polyphony(["doctor", "--probe-network", "-o", "json"], async () => {
        await world.timer.advance(3_000);
        for (const { metadata } of await kube.list(kinds.pod, { labelSelector: "probe" })) {
          const { name = "", namespace } = metadata ?? {};
          await kube.patchStatus(
            kinds.pod,
            { name, namespace },
            { status: { phase: name === "free" ? "Succeeded" : fenced } },
          );
        }
      });
      const { checks } = JSON.parse(out) as Report;
      expect(checks.find(({ check }) => check === "network policies")).toMatchObject({ state });
      expect((await kube.list(kinds.namespace)).length).toBe(before);
    },
  );
});

describe("doctor on a tenant", () => {
  let world: FakeWorld;
  beforeEach(async () => {
    world = await aWorld();
  });

  it("walks from the Tenant to its address", async () => {
    const args = ["doctor", "alto-ensemble"];
    expectGolden("doctor-tenant", shown(args, await world.polyphony(args)));
  });

  const namespace = "vault-155fdf153ecc";
  const harms: { broken: string; harm: () => Promise<unknown> }[] = [
    {
      broken: "tenant is seen",
      harm: () => world.kube.patchStatus(tenants, { name: "alto-ensemble" }, { status: { observedGeneration: 0 } }),
    },
    {
      broken: "database",
      harm: () =>
        world.kube.patchStatus(
          tenants,
          { name: "alto-ensemble" },
          {
            status: {
              conditions: good.map((one) =>
                one.type === "DatabaseReady" ? condition("DatabaseReady", "False", "DatabaseLost", "gone") : one,
              ),
            },
          },
        ),
    },
    { broken: "namespace", harm: () => world.kube.delete(kinds.namespace, { name: namespace }) },
    { broken: "deployment", harm: () => world.kube.delete(kinds.deployment, { name: "vault", namespace }) },
    { broken: "pods", harm: () => world.kube.delete(kinds.pod, { name: "vault-5b9c-x", namespace }) },
    { broken: "service", harm: () => world.kube.delete(kinds.endpointSlice, { name: "vault-x", namespace }) },
  ];
  it.each(harms)("names $broken first when that is what broke", async ({ broken, harm }) => {
    await harm();
    expect(await examine(world, "alto-ensemble")).toMatchObject({ code: 1, firstBroken: broken });
  });

  it("says that a suspended vault is off on purpose", async () => {
    await world.kube.patch(tenants, { name: "alto-ensemble" }, { spec: { activity: "Suspended" } });
    await world.kube.patchStatus(
      tenants,
      { name: "alto-ensemble" },
      { status: { observedGeneration: 2, phase: "Suspended" } },
    );
    expect(await examine(world, "alto-ensemble")).toMatchObject({ code: 0, healthy: true });
  });

  it("ends with 3 for a tenant that is not there, whose name it nearly knows", async () => {
    expect(await world.polyphony(["doctor", "alto-ensembel"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("Did you mean alto-ensemble?"),
    });
  });
});
