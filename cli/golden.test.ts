import { describe, expect, it } from "@jest/globals";
import {
  putInstallation,
  putRelease,
  putRetained,
  putTenant,
  urlOf,
  activeStatus,
  condition,
} from "./testing/a-cluster.ts";
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from "./testing/fake-world.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

const namespace = "vault-155fdf153ecc";
const answering: FakeWorldOptions = { visits: { [urlOf("alto-ensemble")]: { status: 200 } } };

const failing = activeStatus("song-club", {
  phase: "Failed",
  message: 'The VaultTemplate "choir" has no plan "gold". Its plans: free, tier1.',
  conditions: [
    condition("Ready", "False", "PlanUnknown", 'The VaultTemplate "choir" has no plan "gold". Its plans: free, tier1.'),
    condition(
      "Accepted",
      "False",
      "PlanUnknown",
      'The VaultTemplate "choir" has no plan "gold". Its plans: free, tier1.',
    ),
  ],
});

const aWorld = async (options: FakeWorldOptions = answering): Promise<FakeWorld> => {
  const world = createFakeWorld(options);
  await putInstallation(world.kube);
  await putTenant(world.kube, "song-club", { spec: { plan: "gold" }, status: failing });
  await world.timer.advance(3 * 3_600_000 + 125_000);
  return world;
};

/** Runs one command line after the other in one world. */
const transcript = async (world: FakeWorld, lines: readonly string[]): Promise<string> => {
  const parts: string[] = [];
  for (const line of lines) {
    const args = line.split(" ").filter((word) => word !== "");
    parts.push(shown(args, await world.polyphony(args)));
  }
  return parts.join("\n");
};

describe("what the commands show", () => {
  const cases: { name: string; lines: string[]; options?: FakeWorldOptions }[] = [
    {
      name: "tenant-ls",
      lines: [
        "tenant ls",
        "tenant ls -o wide",
        "tenant ls -o name",
        "tenant ls -o json",
        "tenant ls -o yaml",
        "tenant ls --columns name,reason,.spec.owner.email",
        "tenant ls --phase Failed",
        "tenant ls --plan none",
        "tn list --organization org_alto-ensemble -o name",
      ],
    },
    {
      name: "tenant-get",
      lines: [
        "tenant get alto-ensemble",
        "tenant get alto-ensemble song-club -o name",
        "tenant get alto-ensemble -o yaml",
        "tenant get alto-ensemble -o json",
      ],
    },
    { name: "tenant-status", lines: ["tenant status alto-ensemble", "tenant status song-club --no-visit"] },
    { name: "tenant-explain", lines: ["tenant explain alto-ensemble", "tenant explain song-club"] },
    {
      name: "tenant-events",
      lines: ["tenant events alto-ensemble", "tenant events song-club", "tenant events alto-ensemble -o json"],
    },
    {
      name: "tenant-logs",
      lines: ["tenant logs alto-ensemble", "tenant logs alto-ensemble --tail 1 --since 5m --timestamps"],
      options: {
        texts: {
          [`/api/v1/namespaces/${namespace}/pods/vault-5b9c-x/log?`]: "starts\nlistens on 8080",
          [`/api/v1/namespaces/${namespace}/pods/vault-5b9c-x/log?tailLines=1&sinceSeconds=300&timestamps=true`]:
            "2026-01-01T00:00:02Z listens on 8080",
        },
      },
    },
    {
      name: "release",
      lines: [
        "release ls",
        "release ls -o wide --template choir",
        "release get choir-1.4.0",
        "vr get choir-1.4.0 -o json",
      ],
    },
    { name: "server", lines: ["server ls", "server ls -o wide", "server get default", "dbs get default -o yaml"] },
    { name: "explain", lines: ["explain PlanUnknown", "explain planunknown", "explain PlanUnknwon"] },
    { name: "completion", lines: ["completion bash", "completion zsh", "completion fish"] },
    { name: "help", lines: ["--help", "tenant --help", "tenant create --help", "tenant rotate --help"] },
  ];
  it.each(cases)("$name", async ({ name, lines, options }) => {
    expectGolden(name, await transcript(await aWorld({ ...answering, ...options }), lines));
  });

  it("retained vaults", async () => {
    const world = await aWorld();
    await putRetained(world.kube);
    expectGolden(
      "retained",
      await transcript(world, [
        "retained ls",
        "retained ls -o wide",
        "retained get song-club -o yaml",
        "retained restore song-club --as song-club-2 --dry-run",
      ]),
    );
  });

  it("a terminal gets colours and its width", async () => {
    const world = await aWorld({ ...answering, colour: true, width: 80 });
    expectGolden(
      "terminal",
      await transcript(world, ["tenant ls -o wide", "tenant status alto-ensemble", "tenant status nobody"]),
    );
  });

  it("as a plugin it calls itself kubectl polyphony", async () => {
    const world = await aWorld({ ...answering, program: "kubectl polyphony" });
    const { out, err } = await world.polyphony(["tenant", "status", "alto-ensemble"]);
    expect(out).toContain("Next: kubectl polyphony tenant open alto-ensemble");
    expect(err).toBe("");
    expect((await world.polyphony(["tenant", "get", "nobody"])).err).toContain("Next: kubectl polyphony tenant ls");
  });

  it("completes commands, options, choices and live names", async () => {
    const world = await aWorld();
    await putRelease(world.kube, "1.5.0");
    await putRetained(world.kube);
    const lines = [
      "",
      "ten",
      "tenant ",
      "tenant re",
      "tenant status ",
      "tenant status al",
      "tenant suspend alto-ensemble s",
      "tenant get --output ",
      "tenant create new --plan ",
      "tenant create ",
      "tenant rotate --secret ",
      "tenant ls --p",
      "release promote ",
      "release promote choir-1.5.0 --channel ",
      "server get ",
      "retained restore ",
      "explain Plan",
      "completion ",
      "doctor ",
    ];
    const parts: string[] = [];
    for (const line of lines) {
      const args = ["__complete", ...line.split(" ")];
      parts.push(`> polyphony ${line}\n${(await world.polyphony(args)).out}`);
    }
    expectGolden("complete", parts.join("\n"));
  });
});
