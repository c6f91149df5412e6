import { afterEach, describe, expect, it } from "@jest/globals";
import { tenants } from "./names.ts";
import { putInstallation, urlOf } from "./testing/a-cluster.ts";
import { operatorTexts, putSystem, renew } from "./testing/an-installation.ts";
import { loggedIn, type PlatformWorld } from "./testing/fake-platform.ts";
import { idOf } from "./testing/fake-registry.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

const slug = "alto-ensemble";
const worlds: PlatformWorld[] = [];
afterEach(() => worlds.splice(0).forEach((world) => world.remove()));

const aWorld = async (who: "kari" | "staff" = "staff"): Promise<PlatformWorld> => {
  const world = loggedIn(who, { texts: operatorTexts(3), visits: { [urlOf(slug)]: { status: 200 } } });
  worlds.push(world);
  await putInstallation(world.kube);
  await putSystem(world);
  await world.timer.advance(120_000);
  await renew(world);
  return world;
};

type Report = { firstBroken: string | null; checks: { check: string; state: string; message: string; fix?: string }[] };
const examine = async (world: PlatformWorld, name = slug): Promise<Report & { code: number }> => {
  const { code, out } = await world.polyphony(["doctor", name, "-o", "json"]);
  return { code, ...(JSON.parse(out) as Report) };
};

const work = {
  id: idOf("wrk", 9),
  what: "publish-tenant",
  organization: { slug, name: "Alto Ensemble" },
  attempts: 3,
  reason: "The cluster refuses it.",
  createdAt: "2026-01-01T00:00:00Z",
  dueAt: null,
};

const pending = (world: PlatformWorld, approval: "pending" | "rejected") => {
  const row = world.registry.fleet.find(({ organization }) => organization.slug === slug);
  if (row) row.approval = approval;
};

describe("doctor from the registration to the address", () => {
  it("walks every link where all is well", async () => {
    const args = ["doctor", slug];
    expectGolden("doctor-registry", shown(args, await (await aWorld()).polyphony(args)));
  });

  const harms: { what: string; broken: string; fix: RegExp; harm: (world: PlatformWorld) => unknown }[] = [
    {
      what: "the mail was never opened",
      broken: "registration",
      fix: /opens the link/,
      harm: async (world) => {
        world.registry.fleet = [];
        world.registry.unproven.push({
          id: idOf("reg", 1),
          type: "collective",
          name: "Alto Ensemble",
          slug,
          template: "choir",
          contact: { name: "Kari", email: "kari@alto-ensemble.example" },
          invitedBy: null,
          createdAt: "2026-01-01T00:00:00Z",
          expiresAt: "2026-01-02T00:00:00Z",
        });
        await world.kube.delete(tenants, { name: slug });
      },
    },
    {
      what: "it waits for approval",
      broken: "organization",
      fix: /polyphony queue approve alto-ensemble/,
      harm: (world) => pending(world, "pending"),
    },
    { what: "it was rejected", broken: "organization", fix: /anew/, harm: (world) => pending(world, "rejected") },
    {
      what: "no worker takes its work",
      broken: "outbox",
      fix: /the worker above/,
      harm: ({ registry }) => registry.work.push({ ...work, state: "waiting" }),
    },
    {
      what: "its job was given up",
      broken: "job",
      fix: new RegExp(`polyphony queue retry ${work.id}`),
      harm: ({ registry }) => registry.work.push({ ...work, state: "failed" }),
    },
    {
      what: "the cluster has no Tenant",
      broken: "Tenant",
      fix: /polyphony vault retry alto-ensemble/,
      harm: ({ kube }) => kube.delete(tenants, { name: slug }),
    },
    {
      what: "the Tenant was not looked at",
      broken: "tenant is seen",
      fix: /./,
      harm: ({ kube }) => kube.patchStatus(tenants, { name: slug }, { status: { observedGeneration: 0 } }),
    },
  ];
  it.each(harms)("names $broken first when $what, and how to mend it", async ({ broken, fix, harm }) => {
    const world = await aWorld();
    await harm(world);
    const report = await examine(world);
    expect(report).toMatchObject({ code: 1, firstBroken: broken });
    expect(report.checks.find(({ check }) => check === broken)?.fix).toMatch(fix);
  });

  it("warns of work that is tried again, and of a registry that lags behind", async () => {
    const world = await aWorld();
    world.registry.work.push({ ...work, state: "retrying" });
    await world.kube.patchStatus(tenants, { name: slug }, { status: { phase: "ReadOnly" } });
    const { code, checks } = await examine(world);
    expect(code).toBe(0);
    for (const name of ["job", "told back"])
      expect(checks.find(({ check }) => check === name)).toMatchObject({ state: "warning" });
  });

  it("begins at the Tenant for whoever is not of the staff, and says why", async () => {
    const { code, checks } = await examine(await aWorld("kari"));
    expect(code).toBe(0);
    expect(checks.find(({ check }) => check === "registry")).toMatchObject({
      state: "not probed",
      message: expect.stringContaining("not of the staff"),
    });
  });

  it("ends with 3 for what neither the registry nor the cluster knows", async () => {
    expect(await (await aWorld()).polyphony(["doctor", "alto-ensembel"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("Did you mean alto-ensemble?"),
    });
  });
});

describe("completion on a platform", () => {
  it("offers live names for each argument", async () => {
    const world = await aWorld("kari");
    const staff = await aWorld();
    const of = async (one: PlatformWorld, line: string): Promise<string> =>
      `> polyphony ${line}\n${(await one.polyphony(["__complete", ...line.split(" ")])).out}`;
    const lines = [
      "org get ",
      "org role alto-ensemble ",
      "org role alto-ensemble ola@alto-ensemble.example ",
      "affiliation leave ",
      "affiliation approve ",
      "affiliation join link --as ",
      "invite revoke alto-ensemble ",
      "vault status al",
    ];
    const said = [];
    for (const line of lines) said.push(await of(world, line));
    for (const line of ["queue approve ", "queue retry "]) said.push(await of(staff, line));
    expectGolden("complete-platform", said.join("\n"));
  });
});
