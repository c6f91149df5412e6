import { afterEach, describe, expect, it } from "@jest/globals";
import { createPlatformWorld, loggedIn, platformAddress, type PlatformWorld } from "./testing/fake-platform.ts";
import { idOf } from "./testing/fake-registry.ts";
import { platformTranscript } from "./testing/platform-transcript.ts";
import { expectGolden } from "./testing/transcript.ts";

/** Everything that people get wrong on a platform, with the exact words and exit codes: golden/platform-wrong-usage.txt. */
const wrong: string[] = [
  "login http://console.example.org",
  "login not/an/address://",
  "login https://nowhere.example",
  "login nordic",
  `login ${platformAddress} --api elsewhere`,
  "context",
  "context use nowhere",
  "context rm nowhere",
  "--api nowhere org ls",
  "org",
  "org gte alto-ensemble",
  "org get",
  "org get alto-ensembel",
  "org ls --columns slug,colour",
  "org ls -o xml",
  "org create",
  "org create song-club",
  'org create song-club --type choir --name "Song Club"',
  'org create song-club --type collective --name "Song Club" --owner sam@song-club.example',
  'org create Song-Club --type collective --name "Song Club"',
  'org create song-club --type collective --name "Song Club" --owner "Sam <sam@song-club.example>" --invite-owner',
  "org edit alto-ensemble",
  "org edit alto-ensemble --language de",
  "org edit alto-ensemble --time-zone Moon/Base",
  "org role alto-ensemble ola@alto-ensemble.example king",
  "org role alto-ensemble olga@alto-ensemble.example admin",
  "org remove-member alto-ensemble ola@alto-ensemble.example",
  "org leave alto-ensemble",
  "org transfer alto-ensemble ola@alto-ensemble.example",
  "org close alto-ensemble",
  "org close nobody-like-this --yes",
  "invite create alto-ensemble not-an-address",
  "invite revoke alto-ensemble inv_1",
  "invite accept http://console.localhost:8080/invitations/0123456789abcdefghij",
  "affiliation request alto-ensemble",
  "affiliation approve afr_1",
  "affiliation invite nordic-choirs --uses none",
  "affiliation invite nordic-choirs --days 1000",
  "affiliation join http://console.localhost:8080/register?invitation=0123456789abcdefghik --as alto-ensemble",
  "affiliation leave alto-ensemble nordic-choirs",
  "affiliation revoke afi_1",
  "vault status nobody-like-this",
  "vault status nordic-choirs --wait --timeout soon",
  "vault open nordic-choirs",
  "vault ls --phase Failed",
  "queue ls",
  "queue retry",
  `queue drop ${idOf("wrk", 1)}`,
  "queue approve bass-club",
  "audit ls",
  "audit ls alto-ensemble --from yesterday",
  "audit ls alto-ensemble --limit none",
  "audit export alto-ensemble --format xlsx",
  "audit verify",
];

const worlds: PlatformWorld[] = [];
afterEach(() => worlds.splice(0).forEach((world) => world.remove()));
const kept = (world: PlatformWorld): PlatformWorld => {
  worlds.push(world);
  return world;
};

describe("commands for the platform given wrongly", () => {
  it("say what is wrong, what would be right, and end with the code for it; and change nothing", async () => {
    const world = kept(loggedIn("kari"));
    const before = JSON.stringify(world.registry);
    expectGolden("platform-wrong-usage", await platformTranscript(world, wrong));
    expect(JSON.stringify(world.registry)).toBe(before);
  });

  it("ask for a login where there is none, with 4", async () => {
    const world = kept(createPlatformWorld({ env: { POLYPHONY_API: platformAddress } }));
    const lines = ["org ls", "vault ls", "whoami", "affiliation ls alto-ensemble", "audit verify"];
    for (const line of lines) expect([line, (await world.polyphony(line.split(" "))).code]).toEqual([line, 4]);
  });

  const problem = (status: number, body: object) =>
    Response.json({ type: "https://polyphony.dev/problems/x", title: "", requestId: "req-9", ...body }, { status });
  const answers: { what: string; code: number; says: RegExp; answer: () => Response | Promise<Response> }[] = [
    {
      what: "wrong fields",
      code: 1,
      says: /error: Two\.\n {2}name: Write\.\n {2}contact\.email: Write one\.\n {2}Request id: req-9/,
      answer: () =>
        problem(422, {
          detail: "Two.",
          errors: [
            { pointer: "/name", detail: "Write." },
            { pointer: "/contact/email", detail: "Write one." },
          ],
        }),
    },
    {
      what: "a changed version",
      code: 5,
      says: /It has changed/,
      answer: () => problem(412, { detail: "It has changed." }),
    },
    {
      what: "too many tries",
      code: 1,
      says: /Wait 20 seconds/,
      answer: () => problem(429, { detail: "Wait 20 seconds." }),
    },
    {
      what: "a part that is away",
      code: 1,
      says: /does not answer/,
      answer: () => problem(503, { detail: "A part does not answer." }),
    },
    {
      what: "a proxy's own page",
      code: 1,
      says: /answered 502 and did not say why/,
      answer: () => new Response("<h1>Bad Gateway</h1>", { status: 502 }),
    },
    {
      what: "another program's page",
      code: 1,
      says: /in a way that this program does not know/,
      answer: () => new Response("<!doctype html>", { status: 200 }),
    },
    {
      what: "a reply of another shape",
      code: 1,
      says: /GET \/api\/me: /,
      answer: () => Response.json({ id: 7 }),
    },
    {
      what: "no network",
      code: 1,
      says: /does not answer\.\n {2}connect ECONNREFUSED/,
      answer: () => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:8080")),
    },
  ];
  it.each(answers)("an API that answers with $what ends with $code and says so", async ({ code, says, answer }) => {
    const world = kept(loggedIn("kari"));
    world.intercept(answer);
    const outcome = await world.polyphony(["org", "ls"]);
    expect(outcome).toMatchObject({ code, out: "", err: expect.stringMatching(says) });
  });
});
