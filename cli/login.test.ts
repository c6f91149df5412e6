import { statSync } from "node:fs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { contextsFile } from "./login/contexts.ts";
import {
  createPlatformWorld,
  platformAddress,
  type PlatformWorld,
  type PlatformWorldOptions,
} from "./testing/fake-platform.ts";
import { kari } from "./testing/fake-registry.ts";
import { platformTranscript } from "./testing/platform-transcript.ts";
import { expectGolden } from "./testing/transcript.ts";

const worlds: PlatformWorld[] = [];
const pressCtrlC = (world: PlatformWorld): Promise<void> => {
  world.interrupt();
  return Promise.resolve();
};
afterEach(() => worlds.splice(0).forEach((world) => world.remove()));

const aWorld = (options: PlatformWorldOptions = {}): PlatformWorld => {
  const world = createPlatformWorld(options);
  worlds.push(world);
  return world;
};

const confirmed = async (world: PlatformWorld): Promise<void> => {
  await world.timer.advance(7_000);
  world.loginServer.confirm(kari.email);
};

const loggedIn = async (options: PlatformWorldOptions = {}): Promise<PlatformWorld> => {
  const world = aWorld(options);
  expect(await world.polyphony(["login", platformAddress], () => confirmed(world))).toMatchObject({ code: 0 });
  return world;
};

const tokensOf = (world: PlatformWorld) => world.contexts().contexts["console.localhost:8080"]?.tokens;

describe("login", () => {
  it("shows a code, waits until it is confirmed, and keeps the login where only its owner reads it", async () => {
    const world = aWorld();
    const { code, err, out } = await world.polyphony(["login", platformAddress], () => confirmed(world));
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "",
      err: [
        `Open ${platformAddress}/device?user_code=BCDF-GHJK in a browser`,
        "and confirm the code BCDF-GHJK",
        "Waiting for it …",
        `You are ${kari.name} <${kari.email}> at ${platformAddress} (context console.localhost:8080).`,
        "",
      ].join("\n"),
    });
    expect(statSync(contextsFile(world.env)).mode & 0o777).toBe(0o600);
    expect(tokensOf(world)).toMatchObject({ access: "access-1", refresh: "refresh-1" });
    expect((await world.polyphony(["whoami", "-o", "name"])).out).toBe(`${kari.email}\n`);
  });

  it("opens a browser where somebody sits, and none with --no-browser", async () => {
    const world = aWorld({ answers: [], env: { BROWSER: "firefox" } });
    await world.polyphony(["login", platformAddress], () => confirmed(world));
    expect(world.ran).toMatchObject([{ program: "firefox", args: [`${platformAddress}/device?user_code=BCDF-GHJK`] }]);
    await world.polyphony(["login", "--no-browser"]);
    expect(world.ran).toHaveLength(1);
  });

  it("asks every five seconds, and less often once told to slow down", async () => {
    const world = aWorld();
    await world.polyphony(["login", platformAddress], async () => {
      await world.timer.advance(6_000);
      world.loginServer.hurry();
      await world.timer.advance(15_000);
      world.loginServer.confirm(kari.email);
    });
    const [first = 0, second = 0, third = 0] = world.loginServer.polls;
    expect([second - first, third - second]).toEqual([5, 10]);
  });

  it("ends with 4 when it is refused, with 6 when nobody confirms, with 130 at Ctrl-C; nothing is kept", async () => {
    const refused = aWorld();
    refused.loginServer.refuse();
    expect(await refused.polyphony(["login", platformAddress])).toMatchObject({
      code: 4,
      err: expect.stringContaining("The login was refused in the browser."),
    });
    const late = aWorld();
    expect(await late.polyphony(["login", platformAddress])).toMatchObject({
      code: 6,
      err: expect.stringContaining(`The code was not confirmed in time.\n  Next: polyphony login ${platformAddress}`),
    });
    const stopped = aWorld();
    expect(await stopped.polyphony(["login", platformAddress], () => pressCtrlC(stopped))).toMatchObject({
      code: 130,
      err: expect.stringContaining("You are not logged in."),
    });
    for (const world of [refused, late, stopped]) expect(world.contexts().contexts).toEqual({});
  });

  it("bears with a platform that is away for a moment, and asks less often then", async () => {
    const world = aWorld();
    const { code } = await world.polyphony(["login", platformAddress], async () => {
      world.intercept(() => Promise.reject(new Error("connect ECONNREFUSED")));
      await world.timer.advance(16_000);
      world.intercept(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }));
      await world.timer.advance(16_000);
      world.intercept(undefined);
      world.loginServer.confirm(kari.email);
    });
    expect([code, world.loginServer.polls.length]).toEqual([0, 1]);
    expect(tokensOf(world)).toMatchObject({ access: "access-1" });
  });

  it("says when nothing answers at all", async () => {
    const world = aWorld();
    world.intercept(() => Promise.reject(new Error("connect ECONNREFUSED")));
    expect(await world.polyphony(["login", platformAddress])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`The control API at ${platformAddress} does not answer.\n  connect ECONNREFUSED`),
    });
  });

  it("says when what answers is no platform", async () => {
    const world = aWorld();
    world.intercept(() => new Response("<!doctype html>", { status: 404 }));
    expect(await world.polyphony(["login", platformAddress])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`There is no Polyphony to log in to at ${platformAddress}.`),
    });
  });
});

describe("a login that ends", () => {
  it("is renewed before it ends, and once more when it was ended early", async () => {
    const world = await loggedIn();
    await world.timer.advance(14 * 60_000 + 45_000);
    expect(await world.polyphony(["org", "ls", "-o", "name"])).toMatchObject({ code: 0 });
    expect(tokensOf(world)).toMatchObject({ access: "access-2", refresh: "refresh-2" });
    world.loginServer.expire();
    expect(await world.polyphony(["org", "ls", "-o", "name"])).toMatchObject({ code: 0 });
    expect(tokensOf(world)).toMatchObject({ access: "access-3", refresh: "refresh-3" });
  });

  it("is renewed once by two commands at a time, as a refresh token is good for one use", async () => {
    const world = await loggedIn();
    world.loginServer.expire();
    const both = await Promise.all([
      world.polyphony(["org", "ls", "-o", "name"]),
      world.polyphony(["org", "members", "alto-ensemble", "-o", "name"]),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(tokensOf(world)).toMatchObject({ refresh: "refresh-2" });
  });

  it("that cannot be renewed ends with 4 and the way back in", async () => {
    const world = await loggedIn();
    world.loginServer.expire();
    const { contexts, current } = world.contexts();
    const [name = ""] = Object.keys(contexts);
    world.keep({
      current: current ?? name,
      contexts: { [name]: { api: platformAddress, tokens: { access: "gone", refresh: "spent" } } },
    });
    expect(await world.polyphony(["org", "ls"])).toMatchObject({
      code: 4,
      out: "",
      err: expect.stringContaining(`Next: polyphony login ${platformAddress}`),
    });
  });

  it("is not lost to a platform that is away when it is to be renewed", async () => {
    const world = await loggedIn();
    await world.timer.advance(15 * 60_000);
    world.intercept(() => Promise.reject(new Error("connect ECONNREFUSED")));
    expect(await world.polyphony(["org", "ls"])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`The control API at ${platformAddress} does not answer.`),
    });
    world.intercept(undefined);
    expect(await world.polyphony(["org", "ls", "-o", "name"])).toMatchObject({ code: 0 });
  });

  it("in the environment is sent as it is, and named when it is refused", async () => {
    const world = aWorld({ env: { POLYPHONY_API: platformAddress, POLYPHONY_TOKEN: "token-of-kari" } });
    expect(await world.polyphony(["whoami", "-o", "name"])).toMatchObject({ code: 0, out: `${kari.email}\n` });
    const wrong = aWorld({ env: { POLYPHONY_API: platformAddress, POLYPHONY_TOKEN: "old" } });
    expect(await wrong.polyphony(["whoami"])).toMatchObject({
      code: 4,
      err: expect.stringContaining("The token in POLYPHONY_TOKEN was sent."),
    });
  });
});

describe("logout", () => {
  it("ends the login there and forgets it here", async () => {
    const world = await loggedIn();
    expect(await world.polyphony(["logout"])).toMatchObject({ code: 0 });
    expect(world.loginServer.revoked).toEqual(["refresh-1"]);
    expect(tokensOf(world)).toBeUndefined();
    expect(await world.polyphony(["whoami"])).toMatchObject({ code: 4 });
  });

  it("forgets it here when the platform does not answer, and says so", async () => {
    const world = await loggedIn();
    world.intercept(() => Promise.reject(new Error("connect ECONNREFUSED")));
    expect(await world.polyphony(["logout"])).toMatchObject({
      code: 0,
      err: expect.stringContaining("the login is only forgotten here"),
    });
    expect(tokensOf(world)).toBeUndefined();
  });
});

describe("contexts", () => {
  it("are shown without their tokens, chosen and forgotten", async () => {
    const world = await loggedIn();
    const { contexts } = world.contexts();
    world.keep({ contexts: { ...contexts, staging: { api: "https://staging.example" } } });
    const lines = [
      "context ls",
      "context use console.localhost:8080",
      "context ls",
      "context ls -o json",
      "context use stagin",
      "--api staging logout",
      "context rm staging",
      "logout",
      "context rm console.localhost:8080",
      "context ls",
      "whoami",
    ];
    const said = await platformTranscript(world, lines);
    expect(said).not.toMatch(/access-|refresh-/);
    expectGolden("context", said);
  });
});
