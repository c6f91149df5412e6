import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { TenantStatus } from "../crds/index.ts";
import { kinds } from "../kube/kinds.ts";
import { tenants } from "./names.ts";
import { condition, good, putRelease } from "./testing/a-cluster.ts";
import { aWorld, settle, slug, tenantOf } from "./testing/an-operated-world.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

const starting: Partial<TenantStatus> = {
  phase: "Provisioning",
  message: "The vault's pods are starting.",
  progress: { step: 6, of: 9, current: "Workload" },
  conditions: [condition("Ready", "False", "PodsStarting", "The vault's pods are starting.")],
};

const create = [
  "tenant",
  "create",
  "song-club",
  "--organization",
  "Song Club",
  "--plan",
  "free",
  "--owner",
  "Sam <sam@song-club.example>",
];

describe("tenant create", () => {
  it("applies what was said as polyphony-cli, shows steps and time, and gives the tenant", async () => {
    const world = await aWorld();
    const outcome = await world.polyphony(create, async () => {
      await settle(world, starting, "song-club");
      await settle(world, {}, "song-club");
    });
    expectGolden("create", shown(create, outcome));
    const { spec, metadata } = await tenantOf(world, "song-club");
    expect(spec).toEqual({
      organization: { id: "org_song-club", name: "Song Club" },
      template: "choir",
      plan: "free",
      owner: { name: "Sam", email: "sam@song-club.example" },
    });
    expect((metadata as { managedFields?: { manager: string; operation: string }[] }).managedFields?.[0]).toMatchObject(
      {
        manager: "polyphony-cli",
        operation: "Apply",
      },
    );
  });

  it("ends at once, with the reason, when the operator gives up", async () => {
    const world = await aWorld();
    const outcome = await world.polyphony(create, () =>
      settle(
        world,
        {
          phase: "Failed",
          message: "There is no plan.",
          conditions: [condition("Ready", "False", "PlanUnknown", "There is no plan.")],
        },
        "song-club",
      ),
    );
    expectGolden("create-failed", shown(create, outcome));
  });

  it("says at Ctrl-C that the work goes on and how to look, and ends with 130", async () => {
    const world = await aWorld();
    const outcome = await world.polyphony(create, async () => {
      await settle(world, starting, "song-club");
      world.interrupt();
    });
    expectGolden("create-interrupted", shown(create, outcome));
    expect((await tenantOf(world, "song-club")).metadata.deletionTimestamp).toBeUndefined();
  });

  it("ends with 6 after the timeout, with what was seen last", async () => {
    const world = await aWorld();
    const args = [...create, "--timeout", "10s"];
    expectGolden(
      "create-timeout",
      shown(args, await world.polyphony(args, () => settle(world, starting, "song-club"))),
    );
  });

  it("does not wait with --no-wait, and writes nothing with --dry-run", async () => {
    const world = await aWorld();
    expect(await world.polyphony([...create, "--dry-run", "-o", "name"])).toMatchObject({
      code: 0,
      out: "song-club\n",
    });
    expect(await world.kube.find(tenants, { name: "song-club" })).toBeUndefined();
    expect(await world.polyphony([...create, "--no-wait", "-o", "name"])).toMatchObject({
      code: 0,
      out: "song-club\n",
    });
    expect(await world.polyphony(create)).toMatchObject({ code: 5 });
  });

  it("takes a manifest, and refuses one about something else", async () => {
    const world = await aWorld();
    const folder = mkdtempSync(join(tmpdir(), "polyphony-cli-"));
    try {
      const file = join(folder, "tenant.yaml");
      const { spec } = await tenantOf(world);
      writeFileSync(
        file,
        JSON.stringify({ kind: "Tenant", metadata: { name: "from-file", labels: { a: "b" } }, spec }),
      );
      expect(await world.polyphony(["tenant", "create", "other", "-f", file])).toMatchObject({ code: 2 });
      expect(await world.polyphony(["tenant", "create", "from-file", "-f", file, "--no-wait"])).toMatchObject({
        code: 0,
      });
      expect((await tenantOf(world, "from-file")).metadata.labels).toEqual({ a: "b" });
      writeFileSync(file, "kind: ConfigMap");
      expect(await world.polyphony(["tenant", "create", "x", "-f", file])).toMatchObject({ code: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the switches", () => {
  it("K5: suspend tells why and waits; resume takes the reason away again", async () => {
    const world = await aWorld();
    const args = ["tenant", "suspend", slug, "--reason", "Unpaid since May. Pay at example.org/billing."];
    const suspended = await world.polyphony(args, () => settle(world, { phase: "Suspended" }));
    expect((await tenantOf(world)).spec).toMatchObject({
      activity: "Suspended",
      activityReason: "Unpaid since May. Pay at example.org/billing.",
    });
    const again = await world.polyphony(["tenant", "suspend", slug, "--no-wait"]);
    const resumed = await world.polyphony(["tenant", "resume", slug], () => settle(world, {}));
    expectGolden(
      "suspend",
      [
        shown(args, suspended),
        shown(["tenant", "suspend", slug, "--no-wait"], again),
        shown(["tenant", "resume", slug], resumed),
      ].join("\n"),
    );
    const { spec } = await tenantOf(world);
    expect(spec.activity).toBe("Running");
    expect(spec).not.toHaveProperty("activityReason");
  });

  it("V6: read-only and back, by read-write and by --off", async () => {
    const world = await aWorld();
    expect(
      await world.polyphony(["tenant", "read-only", slug], () => settle(world, { phase: "ReadOnly" })),
    ).toMatchObject({ code: 0 });
    expect((await tenantOf(world)).spec.access).toBe("ReadOnly");
    expect(await world.polyphony(["tenant", "read-only", slug, "--off"], () => settle(world, {}))).toMatchObject({
      code: 0,
    });
    expect((await tenantOf(world)).spec.access).toBe("ReadWrite");
    expect((await world.polyphony(["tenant", "read-write", slug])).err).toContain("is to be writable already");
  });

  it("names who holds the field instead of taking it over", async () => {
    const world = await aWorld();
    await world.kube.apply(
      kinds.tenant,
      { metadata: { name: slug }, spec: { activity: "Running" } },
      { fieldManager: "argocd", force: true },
    );
    const args = ["tenant", "suspend", slug];
    expectGolden("suspend-conflict", shown(args, await world.polyphony(args)));
    expect((await tenantOf(world)).spec.activity).toBe("Running");
  });

  it("--dry-run changes nothing", async () => {
    const world = await aWorld();
    expect(await world.polyphony(["tenant", "suspend", slug, "--dry-run"])).toMatchObject({
      code: 0,
      err: 'The tenant "alto-ensemble" may be changed so (dry run).\n',
    });
    expect((await tenantOf(world)).spec.activity).toBeUndefined();
  });

  it("never lets go of what it set before", async () => {
    const world = await aWorld();
    await world.polyphony(["tenant", "edit", slug, "--set", "limits.members=50", "--set", "hosts=[a.example.org]"]);
    await world.polyphony(["tenant", "suspend", slug, "--no-wait"]);
    await world.polyphony(["tenant", "rotate", slug, "--no-wait"]);
    expect((await tenantOf(world)).spec).toMatchObject({
      limits: { members: 50 },
      hosts: ["a.example.org"],
      activity: "Suspended",
    });
  });
});

describe("requests", () => {
  it("D7: rotate asks by annotations and waits for the new versions", async () => {
    const world = await aWorld();
    const args = ["tenant", "rotate", slug];
    const rotated = await world.polyphony(args, async () => {
      const { metadata } = await tenantOf(world);
      expect(metadata.annotations).toEqual({
        "polyphony.dev/rotate-database-requested-at": "2026-01-01T00:01:00.000Z",
        "polyphony.dev/rotate-signing-requested-at": "2026-01-01T00:01:00.000Z",
      });
      await settle(world, {
        secretVersions: { database: 2, databaseLogin: "b", signing: 1 },
        message: "The signing key is being replaced.",
      });
      await settle(world, { secretVersions: { database: 2, databaseLogin: "b", signing: 2 } });
    });
    expectGolden("rotate", shown(args, rotated));
  });

  it("rotates only what was named", async () => {
    const world = await aWorld();
    const done = world.polyphony(["tenant", "rotate", slug, "--secret", "signing"], () =>
      settle(world, { secretVersions: { database: 1, databaseLogin: "a", signing: 2 } }),
    );
    expect(await done).toMatchObject({ code: 0 });
    expect(Object.keys((await tenantOf(world)).metadata.annotations ?? {})).toEqual([
      "polyphony.dev/rotate-signing-requested-at",
    ]);
  });

  it("R1: upgrade waits for the channel's version, pins with --to and unpins with --channel", async () => {
    const world = await aWorld();
    expect((await world.polyphony(["tenant", "upgrade", slug])).err).toContain("runs 1.4.0 already");
    await putRelease(world.kube, "1.5.0");
    const args = ["tenant", "upgrade", slug, "--to", "1.5.0"];
    const release = { name: "choir-1.5.0", version: "1.5.0", digest: `sha256:${"a".repeat(64)}`, schemaVersion: 2 };
    expectGolden("upgrade", shown(args, await world.polyphony(args, () => settle(world, { release }))));
    expect((await tenantOf(world)).spec.release).toEqual({ channel: "stable", pin: "1.5.0" });
    expect(
      await world.polyphony(["tenant", "upgrade", slug, "--channel", "stable"], () => settle(world, {})),
    ).toMatchObject({ code: 0 });
    expect((await tenantOf(world)).spec.release).toEqual({ channel: "stable" });
  });

  it("retry asks and does not wait", async () => {
    const world = await aWorld();
    expect(await world.polyphony(["tenant", "retry", slug])).toMatchObject({
      code: 0,
      err: 'The tenant "alto-ensemble" is tried again now.\n',
    });
    expect((await tenantOf(world)).metadata.annotations).toHaveProperty(["polyphony.dev/retry-requested-at"]);
  });
});

describe("tenant edit", () => {
  it("shows before and after, and reads values as YAML", async () => {
    const world = await aWorld();
    const args = ["tenant", "edit", slug, "--set", "limits.members=50", "--set", "idleAfter=30m"];
    expectGolden("edit", shown(args, await world.polyphony(args)));
    expect((await tenantOf(world)).spec).toMatchObject({ limits: { members: 50 }, idleAfter: "30m" });
    expect((await world.polyphony(["tenant", "edit", slug, "--unset", "idleAfter"])).err).toContain(
      "idleAfter: 30m → (none)",
    );
    expect((await world.polyphony(["tenant", "edit", slug, "--set", "limits.members=50"])).err).toContain(
      "is like that already",
    );
  });

  it("says who holds a field that it cannot take away", async () => {
    const world = await aWorld();
    expect(await world.polyphony(["tenant", "edit", slug, "--unset", "plan"])).toMatchObject({ code: 5 });
    expect((await tenantOf(world)).spec.plan).toBe("free");
  });

  it("opens the editor and applies only what was changed", async () => {
    const world = await aWorld({
      answers: [],
      env: { EDITOR: "vi" },
      run: ({ args }) => {
        const file = args.at(-1) ?? "";
        writeFileSync(
          file,
          `protected: true\n${Object.entries({ plan: "free", retention: "720h" })
            .map(([name, value]) => `${name}: ${value}\n`)
            .join("")}`,
        );
        return 0;
      },
    });
    const outcome = await world.polyphony(["tenant", "edit", slug]);
    // What the demo set and the editor lost is held by the demo.
    expect(outcome.code).toBe(5);
    expect((await tenantOf(world)).spec.template).toBe("choir");
  });
});

describe("tenant delete", () => {
  it("K4: destroys only after the slug was typed, and waits until it is gone", async () => {
    const world = await aWorld({ answers: ["alto", slug] });
    expect(await world.polyphony(["tenant", "delete", slug])).toMatchObject({ code: 1 });
    expect(await world.kube.find(tenants, { name: slug })).toBeDefined();
    await world.kube.apply(
      kinds.tenant,
      { metadata: { name: slug, finalizers: ["polyphony.dev/vault"] } },
      { fieldManager: "polyphony-operator" },
    );
    const args = ["tenant", "delete", slug];
    const outcome = await world.polyphony(args, async () => {
      await settle(world, { phase: "Deleting", message: "The vault's pods finish what they are doing and stop." });
      await world.kube.patch(tenants, { name: slug }, { metadata: { finalizers: [] } });
    });
    expectGolden("delete", shown(args, outcome));
  });

  it("ends when the operator asks whether so many are to go, and says how to answer", async () => {
    const world = await aWorld();
    await world.kube.apply(
      kinds.tenant,
      { metadata: { name: slug, finalizers: ["polyphony.dev/vault"] } },
      { fieldManager: "polyphony-operator" },
    );
    const held = [
      ...good,
      condition("DeletionHeld", "True", "DeletionBreakerOpen", "6 tenants were to be deleted within an hour."),
    ];
    const args = ["tenant", "rm", slug, "--yes"];
    expectGolden(
      "delete-held",
      shown(args, await world.polyphony(args, () => settle(world, { phase: "Deleting", conditions: held }))),
    );
    const list = await world.polyphony(["tenant", "approve-deletions"]);
    const dry = await world.polyphony(["tenant", "approve-deletions", "--all", "--dry-run"]);
    expect((await tenantOf(world)).metadata.annotations).toBeUndefined();
    const no = await world.polyphony(["tenant", "approve-deletions", slug, "--reject"]);
    expect((await tenantOf(world)).metadata.annotations).toEqual({ "polyphony.dev/deletion": "rejected" });
    const yes = await world.polyphony(["tenant", "approve-deletions", "--all", "--yes"]);
    expect((await tenantOf(world)).metadata.annotations).toEqual({ "polyphony.dev/deletion": "approved" });
    expectGolden(
      "approve-deletions",
      [list, dry, no, yes].map((outcome) => shown(["tenant", "approve-deletions", "…"], outcome)).join("\n"),
    );
  });

  it("says what dry-run would do and leaves all as it is", async () => {
    const world = await aWorld();
    expect(await world.polyphony(["tenant", "delete", slug, "--dry-run"])).toMatchObject({ code: 0 });
    expect(await world.kube.find(tenants, { name: slug })).toBeDefined();
  });
});

describe("tenant wait", () => {
  it.each([
    { goal: "ready", change: {} },
    { goal: "phase=Suspended", change: { phase: "Suspended" as const } },
    { goal: "condition=ReleaseCurrent", change: {} },
    {
      goal: "condition=Ready=False",
      change: { conditions: [condition("Ready", "False", "PodsStarting", "They start.")] },
    },
  ])("ends when it is $goal", async ({ goal, change }) => {
    const world = await aWorld();
    await world.kube.patchStatus(tenants, { name: slug }, { status: { observedGeneration: 0 } });
    expect(await world.polyphony(["tenant", "wait", slug, "--for", goal], () => settle(world, change))).toMatchObject({
      code: 0,
    });
  });

  it("is done at once when what should be gone is not there", async () => {
    const world = await aWorld();
    expect(await world.polyphony(["tenant", "wait", "nobody", "--for", "deleted"])).toMatchObject({ code: 0 });
  });
});
