import { afterEach, describe, expect, it } from "@jest/globals";
import { aVault, idOf, vaultUrlOf } from "./testing/fake-registry.ts";
import { loggedIn, platformAddress, type PlatformWorld, type PlatformWorldOptions } from "./testing/fake-platform.ts";
import { platformTranscript } from "./testing/platform-transcript.ts";
import { expectGolden } from "./testing/transcript.ts";

const worlds: PlatformWorld[] = [];
const pressCtrlC = (world: PlatformWorld): Promise<void> => {
  world.interrupt();
  return Promise.resolve();
};
afterEach(() => worlds.splice(0).forEach((world) => world.remove()));

const as = async (who: "kari" | "staff", options: PlatformWorldOptions = {}): Promise<PlatformWorld> => {
  const world = loggedIn(who, options);
  worlds.push(world);
  await world.timer.advance(3 * 3_600_000);
  return world;
};

describe("what the commands for organizations show", () => {
  const cases: { name: string; who?: "kari" | "staff"; lines: string[]; options?: PlatformWorldOptions }[] = [
    { name: "whoami", lines: ["whoami", "whoami -o json", "whoami -o name"] },
    {
      name: "org-ls",
      lines: [
        "org ls",
        "org ls -o wide",
        "org ls -o name",
        "org ls -o json",
        "orgs list --columns slug,.role",
        "org get alto-ensemble",
        "org get alto-ensemble nordic-choirs -o wide",
        "org get alto-ensemble -o yaml",
        "org members alto-ensemble",
        "org members alto-ensemble -o json",
      ],
    },
    {
      name: "org-create",
      lines: [
        'org create song-club --type collective --name "Song Club" --umbrella nordic-choirs',
        'org create song-club --type collective --name "Song Club" --owner "Sam <sam@song-club.example>" -o name',
        'org create song-club --type collective --name "Song Club" --dry-run',
        'org create alto-ensemble --type collective --name "Alto" --dry-run',
        'org create alto-ensemble --type collective --name "Alto"',
      ],
    },
    {
      name: "org-edit",
      lines: [
        'org edit alto-ensemble --name "Alto Choir" --currency NOK --dry-run',
        'org edit alto-ensemble --name "Alto Choir" --currency NOK',
        'org edit alto-ensemble --name "Alto Choir"',
        'org edit alto-ensemble --currency ""',
      ],
    },
    {
      name: "org-members",
      lines: [
        "org role alto-ensemble ola@alto-ensemble.example admin",
        "org remove-member alto-ensemble ola@alto-ensemble.example",
        "org leave alto-ensemble",
        "org members alto-ensemble",
      ],
      options: { answers: ["ola@alto-ensemble.example", "alto-ensemble"] },
    },
    {
      name: "org-transfer",
      lines: ["org transfer alto-ensemble ola@alto-ensemble.example"],
      options: { answers: ["alto-ensemble"] },
    },
    {
      name: "org-close",
      lines: ["org close alto-ensemble --dry-run", "org close alto-ensemble", "org close alto-ensemble", "org ls"],
      options: { answers: ["alto", "alto-ensemble"] },
    },
    {
      name: "invite",
      lines: [
        "invite ls alto-ensemble",
        "invite create alto-ensemble new@alto-ensemble.example --role viewer",
        "org invite alto-ensemble other@alto-ensemble.example -o json",
        `invite revoke alto-ensemble ${idOf("inv", 1)}`,
        "invite ls alto-ensemble -o wide",
        "invite accept http://console.localhost:8080/invitations/0123456789abcdefghij --name Liv --dry-run",
        "invite accept http://console.localhost:8080/invitations/0123456789abcdefghij --name Liv",
        "invite accept revoked-0123456789abcdefghij --name Liv",
        "invite ls nordic-choirs",
      ],
    },
    {
      name: "affiliation",
      lines: [
        "affiliation ls nordic-choirs",
        "affiliation ls nordic-choirs -o json",
        `affiliation approve ${idOf("afr", 1)} --message Welcome`,
        `affiliation approve ${idOf("afr", 1)}`,
        "affiliation ls nordic-choirs --all -o wide",
        "affiliation request alto-ensemble nordic-choirs --message Please",
        `affiliation withdraw ${idOf("afr", 2)} -o json`,
        "affiliation invite nordic-choirs --label Spring --uses any --days 30",
        "affiliation invite nordic-choirs -o name",
        "affiliation links nordic-choirs",
        `affiliation revoke ${idOf("afi", 1)}`,
        "affiliation join http://console.localhost:8080/register?invitation=0123456789abcdefghij --as alto-ensemble --dry-run",
        "affiliation join http://console.localhost:8080/register?invitation=0123456789abcdefghij --as alto-ensemble",
        "affiliation history nordic-choirs",
        "affiliation remove nordic-choirs alto-ensemble --dry-run",
        "affiliation remove nordic-choirs alto-ensemble",
        "affiliation leave alto-ensemble nordic-choirs",
        "affiliation ls alto-ensemble",
      ],
      options: { answers: ["alto-ensemble", "nordic-choirs"] },
    },
    {
      name: "vault",
      lines: [
        "vault ls",
        "vault ls -o wide",
        "vault ls -o name",
        "vault get nordic-choirs",
        "vault get alto-ensemble -o json",
        "vault status alto-ensemble",
        "vault status nordic-choirs",
        "vault open alto-ensemble",
        "vault open nordic-choirs",
        "vault ls --all",
      ],
    },
    {
      name: "vault-fleet",
      who: "staff",
      lines: [
        "vault ls --all",
        "vault ls --phase Failed -o wide",
        "vault ls --search nobody",
        "vault retry song-club",
        "vault retry nobody-like-this",
        "vault ls --all -o json",
      ],
    },
    {
      name: "org-create-for-somebody",
      who: "staff",
      lines: [
        'org create song-club --type collective --name "Song Club" --owner "Sam <sam@song-club.example>" --invite-owner',
      ],
    },
    {
      name: "queue",
      who: "staff",
      lines: [
        "queue ls",
        "queue ls --state failed -o wide",
        "queue ls --organization song-club -o json",
        `queue retry ${idOf("wrk", 1)}`,
        `queue drop ${idOf("wrk", 2)}`,
        "queue ls -o name",
        "queue approvals",
        "queue approve bass-club",
        "queue approve bass-club",
        "queue approvals",
        "queue reject bass-club --reason Twice.",
      ],
      options: { answers: [idOf("wrk", 2), "bass-club"] },
    },
    {
      name: "audit",
      who: "staff",
      lines: [
        "audit ls alto-ensemble",
        "audit ls alto-ensemble --action member -o wide",
        "audit ls --limit 1",
        "audit ls alto-ensemble -o json",
        "audit ls alto-ensemble --columns number,action,.detail.role",
        "audit export alto-ensemble",
        "audit export --format csv --from 2026-01-01",
        "audit verify",
        "audit verify -o json",
      ],
    },
  ];
  it.each(cases)("$name", async ({ name, who = "kari", lines, options }) => {
    expectGolden(name, await platformTranscript(await as(who, options), lines));
  });
});

it("a broken audit log ends with 1 and names the first wrong entry of each chain", async () => {
  const world = await as("staff");
  world.registry.brokenAudit = [{ chain: "alto-ensemble", number: 7 }];
  expect(await world.polyphony(["audit", "verify"])).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("alto-ensemble: entry 7 is not what was written"),
  });
});

describe("waiting for a vault", () => {
  it("tells each step, and ends when it is there", async () => {
    const world = await as("kari");
    const running = world.polyphony(["vault", "status", "nordic-choirs", "--wait"], async () => {
      await world.timer.advance(4_000);
      world.registry.vaults["nordic-choirs"] = aVault("preparing", 3, null);
      await world.timer.advance(4_000);
      world.registry.vaults["nordic-choirs"] = aVault("live", 4, vaultUrlOf("nordic-choirs"));
    });
    const { code, err, out } = await running;
    expect(code).toBe(0);
    expect(err).toMatch(/preparing · step 3 of 4 · Making its database\n.*step 4 of 4 · Starting the application\n$/);
    expect(out).toContain(vaultUrlOf("nordic-choirs"));
  });

  it("goes on over an API that is away for a moment", async () => {
    const world = await as("kari");
    const { code, err } = await world.polyphony(["vault", "retry", "nordic-choirs"], async () => {
      world.intercept(() => Promise.reject(new Error("connect ECONNREFUSED")));
      await world.timer.advance(6_000);
      world.registry.vaults["nordic-choirs"] = aVault("live", 4, vaultUrlOf("nordic-choirs"));
      world.intercept(undefined);
    });
    expect([code, err]).toEqual([0, expect.stringContaining("does not answer at the moment; it is asked again")]);
    expect(err).toContain(`The vault answers at ${vaultUrlOf("nordic-choirs")}`);
  });

  it("ends with 1 when it failed, with 6 when it takes too long, with 130 at Ctrl-C, and says how to look again", async () => {
    const world = await as("kari");
    const wait = ["vault", "status", "nordic-choirs", "--wait", "--timeout", "30s"];
    const late = await world.polyphony(wait);
    expect(late).toMatchObject({ code: 6, err: expect.stringContaining("Next: polyphony vault status nordic-choirs") });
    world.registry.vaults["nordic-choirs"] = aVault("failed", 2, null);
    const broken = await world.polyphony(wait);
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("Its database could not be made.") });
    expect(broken.err).toContain("Next: polyphony vault retry nordic-choirs");
    world.registry.vaults["nordic-choirs"] = aVault("preparing", 2, null);
    const stopped = await world.polyphony(wait, () => pressCtrlC(world));
    expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining("Interrupted. The work goes on.") });
  });
});

describe("what is sent", () => {
  it("changes with the version that was read, and creates with a key of its own", async () => {
    const world = await as("kari");
    await world.polyphony(["org", "edit", "alto-ensemble", "--name", "New"]);
    await world.polyphony(["invite", "create", "alto-ensemble", "a@b.example"]);
    await world.polyphony(["invite", "create", "alto-ensemble", "a@b.example"]);
    const [edit, ...invites] = world.asked.filter(({ method }) => method !== "GET");
    expect(edit?.headers).toMatchObject({ "If-Match": '"1"', Authorization: "Bearer token-of-kari" });
    const keys = invites.map(({ headers }) => headers["Idempotency-Key"]);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(undefined);
  });

  it("is nothing at all with --dry-run", async () => {
    const world = await as("kari");
    await world.polyphony(["org", "close", "alto-ensemble", "--dry-run", "--yes"]);
    await world.polyphony(["affiliation", "leave", "alto-ensemble", "nordic-choirs", "--dry-run", "--yes"]);
    await world.polyphony(["org", "edit", "alto-ensemble", "--name", "New", "--dry-run"]);
    expect(world.asked.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("goes to the platform of --api before that of the environment", async () => {
    const world = await as("kari", { env: { POLYPHONY_API: "https://elsewhere.example" } });
    expect(await world.polyphony(["--api", platformAddress, "org", "ls"])).toMatchObject({ code: 0 });
    expect(await world.polyphony(["org", "ls"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("The control API at https://elsewhere.example does not answer."),
    });
  });
});
