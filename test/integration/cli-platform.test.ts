import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runCli } from "../../cli/run-cli.ts";
import type { World } from "../../cli/session.ts";
import { processWorld } from "../../cli/system/process-world.ts";
import type { Tenant } from "../../crds/index.ts";
import { aConsoleAddress } from "../builders/a-console-address.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const own = await aConsoleAddress("console.localhost");
const address = own.PUBLIC_URL;
const api = suiteControlApi({ ...own, RATE_LIMITS_FACTOR: "1000", APPROVAL: "staff" });

const main = join(import.meta.dirname, "..", "..", "cli", "main.ts");
const suffix = randomBytes(3).toString("hex");
const [umbrella, collective] = [`nordic-${suffix}`, `alto-${suffix}`];
const mailOf = (name: string): string => `${name}-${suffix}@cli.example`;

type Outcome = { code: number | null; out: string; err: string };
type Running = { child: ChildProcess; outcome: Promise<Outcome>; said: () => string };

/** Each person has a machine of their own. */
const homes = new Map<string, string>();
const homeOf = (name: string): string => {
  const known = homes.get(name) ?? mkdtempSync(join(tmpdir(), "polyphony-home-"));
  homes.set(name, known);
  return known;
};
const browsers = new Map<string, ApiClient>();
const browserOf = (name: string): ApiClient => browsers.get(name) ?? anApiClient(api().url);

const start = (name: string, args: readonly string[], env: Record<string, string> = {}): Running => {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH, HOME: homeOf(name), XDG_CONFIG_HOME: homeOf(name), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const outcome = new Promise<Outcome>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  return { child, outcome, said: () => err };
};

const machine = processWorld();

/** The same program in this process, which is many times faster: with the real network, clock and files. */
const as = async (name: string, ...args: string[]): Promise<Outcome> => {
  let [out, err] = ["", ""];
  const terminal: World["terminal"] = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    width: Number.POSITIVE_INFINITY,
    colour: false,
    interactive: false,
    ask: () => Promise.resolve(""),
  };
  const env = { HOME: homeOf(name), XDG_CONFIG_HOME: homeOf(name) };
  const interrupt = new AbortController().signal;
  return { code: await runCli(args, { ...machine, terminal, env, interrupt }), out, err };
};

/** What a command printed as JSON; it has to have ended well. */
const json = async <T>(name: string, ...args: string[]): Promise<T> => {
  const { code, out, err } = await as(name, ...args, "-o", "json");
  expect([args.join(" "), code, err]).toEqual([args.join(" "), 0, expect.any(String)]);
  return JSON.parse(out) as T;
};

/** What the person does in the browser that `login` tells them to open. */
const answer = async (name: string, code: string, choice: "approve" | "deny"): Promise<void> => {
  const browser = browserOf(name);
  const page = String((await browser.get(`/device?user_code=${code}`)).body["text"]);
  const token = /name="_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const reply = await fetch(`${api().url}/device`, {
    method: "POST",
    headers: { ...browser.headers(), Origin: address },
    body: new URLSearchParams({ _token: token, user_code: code, answer: choice }),
  });
  expect(reply.status).toBe(200);
};

const logIn = async (name: string, choice: "approve" | "deny" = "approve"): Promise<Outcome> => {
  const login = start(name, ["login", address, "--no-browser"]);
  const code = (): string => /the code (\S+)/.exec(login.said())?.[1] ?? "";
  await eventually("a code", () => Promise.resolve(code() !== ""));
  await answer(name, code(), choice);
  return login.outcome;
};

const operatorSays = (slug: string, status: Tenant["status"]) =>
  api().kube.patchStatus(tenantKind, { name: slug }, { status });

beforeAll(async () => {
  for (const [name, slug, type] of [
    ["ingrid", umbrella, "umbrella"],
    ["kari", collective, "collective"],
  ] as const) {
    browsers.set(name, anApiClient(api().url));
    await registerAndProve(api(), browserOf(name), slug, mailOf(name), { type });
  }
  browsers.set("staff", await logInStaff(api(), mailOf("staff")));
});
afterAll(() => {
  for (const home of homes.values()) rmSync(home, { recursive: true, force: true });
});

describe("I6: polyphony login", () => {
  it("logs in through a browser, and keeps the login for its owner only", async () => {
    for (const name of ["kari", "ingrid", "staff"])
      expect(await logIn(name)).toMatchObject({ code: 0, out: "", err: expect.stringContaining(mailOf(name)) });
    const file = join(homeOf("kari"), "polyphony", "contexts.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await as("kari", "whoami", "-o", "name")).toMatchObject({ code: 0, out: `${mailOf("kari")}\n` });
    expect((await as("staff", "whoami")).out).toContain("platform admin");
    expect((await as("kari", "context", "ls")).out).toMatch(/\* +console\.localhost:\d+ .*yes/);
  });

  it("ends with 4 when the person says no in the browser", async () => {
    browsers.set("elsewhere", browserOf("kari"));
    expect(await logIn("elsewhere", "deny")).toMatchObject({
      code: 4,
      err: expect.stringContaining("The login was refused in the browser."),
    });
  });

  it("renews a login that is about to end, once for commands side by side", async () => {
    const file = join(homeOf("kari"), "polyphony", "contexts.json");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace(/"expiresAt": "[^"]+"/, '"expiresAt": "2020-01-01T00:00:00Z"'));
    const all = await Promise.all([1, 2].map(() => start("kari", ["org", "ls", "-o", "name"]).outcome));
    expect(all.map(({ code, out }) => [code, out])).toEqual(all.map(() => [0, `${collective}\n`]));
    expect(readFileSync(file, "utf8")).not.toBe(before);
  });

  it("takes a token from the environment, and says which one was refused", async () => {
    const file = join(homeOf("kari"), "polyphony", "contexts.json");
    const token = /"access": "([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    const env = { POLYPHONY_API: address, POLYPHONY_TOKEN: token };
    expect(await start("nobody", ["org", "ls", "-o", "name"], env).outcome).toMatchObject({ out: `${collective}\n` });
    const wrong = { ...env, POLYPHONY_TOKEN: "wrong" };
    expect(await start("nobody", ["org", "ls"], wrong).outcome).toMatchObject({
      code: 4,
      err: expect.stringContaining("The token in POLYPHONY_TOKEN was sent."),
    });
  });
});

describe("O5, A1: approval and provisioning", () => {
  it("staff see what waits, approve it, and the owner watches the vault come alive", async () => {
    expect((await as("staff", "queue", "approvals", "-o", "name")).out).toContain(collective);
    const waiting = start("kari", ["vault", "status", collective, "--wait"]);
    await eventually("it waits", () => Promise.resolve(waiting.said().includes("awaiting-approval")));
    expect(await as("staff", "queue", "approve", collective, umbrella)).toMatchObject({ code: 0 });
    expect(await as("staff", "queue", "approve", collective)).toMatchObject({ code: 5 });
    await eventually("a Tenant", async () => (await api().kube.find(tenantKind, { name: collective })) !== undefined);
    await operatorSays(collective, { phase: "Active", observedGeneration: 1, url: `http://${collective}.vaults.test` });
    const { code, out } = await waiting.outcome;
    expect([code, out]).toEqual([0, expect.stringContaining(`http://${collective}.vaults.test`)]);
    expect(await as("kari", "vault", "open", collective)).toMatchObject({ out: `http://${collective}.vaults.test\n` });
    expect((await as("staff", "vault", "ls", "--all", "--search", suffix, "-o", "name")).out).toContain(umbrella);
  });

  it("others are told that they may not: 3 for staff's, with the request's id", async () => {
    const { code, err } = await as("kari", "queue", "ls");
    expect([code, err]).toEqual([3, expect.stringMatching(/Only the platform's staff see it[^]*Request id: \S+/)]);
    expect(await as("kari", "org", "get", umbrella)).toMatchObject({ code: 3, out: "" });
  });
});

describe("O2, O12: organizations and members", () => {
  it("changes settings by the version that was read", async () => {
    expect(await as("kari", "org", "edit", collective, "--name", "Alto", "--currency", "NOK")).toMatchObject({
      code: 0,
    });
    expect(await json("kari", "org", "get", collective)).toMatchObject({ name: "Alto", currency: "NOK" });
    const wrong = await as("kari", "org", "edit", collective, "--time-zone", "Moon/Base");
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("Choose a time zone such as Europe/Oslo.")]);
  });

  it("invites, takes up, changes a role, and does not lose its last owner", async () => {
    expect(await as("kari", "invite", "create", collective, mailOf("ola"), "--role", "viewer")).toMatchObject({
      code: 0,
    });
    const token = await tokenInMail(api(), mailOf("ola"), /invites you/);
    const link = `${address}/invitations/${token}`;
    expect(await as("ola", "--api", address, "invite", "accept", link, "--name", "Ola")).toMatchObject({ code: 0 });
    expect(await as("kari", "org", "role", collective, mailOf("ola"), "member")).toMatchObject({ code: 0 });
    expect(await as("kari", "org", "leave", collective, "--yes")).toMatchObject({ code: 5 });
    expect(await as("kari", "org", "remove-member", collective, mailOf("ola"), "--yes")).toMatchObject({ code: 0 });
    expect((await as("kari", "org", "members", collective, "-o", "name")).out).toBe(`${mailOf("kari")}\n`);
  });

  it("says whether an address can be had, and registers", async () => {
    const create = ["--type", "collective", "--name", "Song Club"];
    expect(await as("kari", "org", "create", collective, ...create, "--dry-run")).toMatchObject({ code: 5 });
    expect(await as("kari", "org", "create", `song-${suffix}`, ...create)).toMatchObject({
      code: 0,
      err: expect.stringContaining(mailOf("kari")),
    });
    const other = ["--type", "collective", "--name", "Another Club"];
    expect(await as("kari", "org", "create", `song-${suffix}`, ...other)).toMatchObject({
      code: 5,
      err: expect.stringContaining("Free: "),
    });
  });
});

describe("O3, O4: affiliations", () => {
  it("is asked for, approved, shown to both, and ended", async () => {
    const asked = await json<{ id: string }>("kari", "affiliation", "request", collective, umbrella);
    expect((await as("ingrid", "affiliation", "ls", umbrella, "-o", "name")).out).toBe(`${asked.id}\n`);
    expect(await as("ingrid", "affiliation", "approve", asked.id)).toMatchObject({ code: 0 });
    expect(await as("ingrid", "affiliation", "reject", asked.id)).toMatchObject({ code: 5 });
    expect((await as("kari", "affiliation", "ls", collective)).out).toContain(umbrella);
    expect(await as("kari", "affiliation", "leave", collective, umbrella, "--yes")).toMatchObject({ code: 0 });
    expect(await as("kari", "affiliation", "leave", collective, umbrella, "--yes")).toMatchObject({ code: 5 });
  });

  it("is made by a link, until the link is closed", async () => {
    const made = await json<{ id: string; link: string }>("ingrid", "affiliation", "invite", umbrella, "--uses", "any");
    expect(await as("kari", "affiliation", "join", made.link, "--as", collective)).toMatchObject({ code: 0 });
    expect(await as("ingrid", "affiliation", "remove", umbrella, collective, "--yes")).toMatchObject({ code: 0 });
    expect(await as("ingrid", "affiliation", "revoke", made.id)).toMatchObject({ code: 0 });
    expect((await as("kari", "affiliation", "join", made.link, "--as", collective)).code).not.toBe(0);
    expect((await as("ingrid", "affiliation", "links", umbrella)).out).toContain("closed");
  });
});

describe("A2: audit", () => {
  it("is listed, exported with its hashes, and verified", async () => {
    const { items } = await json<{ items: { action: string }[] }>("kari", "audit", "ls", collective);
    expect(items.length).toBeGreaterThan(5);
    const exported = await as("kari", "audit", "export", collective);
    const lines = exported.out.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(items.length);
    expect(Object.keys(JSON.parse(lines[0] ?? "") as object)).toContain("hash");
    expect(await as("staff", "audit", "verify")).toMatchObject({
      code: 0,
      out: expect.stringContaining("The audit log is whole"),
    });
  });
});

describe("O14: the end", () => {
  it("closes an organization only for its owner, and logs out there and here", async () => {
    expect(await as("ingrid", "org", "close", collective, "--yes")).toMatchObject({ code: 3 });
    expect(await as("kari", "org", "close", collective)).toMatchObject({ code: 2 });
    expect(await as("kari", "org", "close", collective, "--yes")).toMatchObject({ code: 0 });
    const file = join(homeOf("kari"), "polyphony", "contexts.json");
    const token = /"access": "([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    expect(await as("kari", "logout")).toMatchObject({ code: 0, err: expect.not.stringContaining("did not answer") });
    const { status } = await fetch(`${api().url}/api/me`, { headers: { Authorization: `Bearer ${token}` } });
    expect(status).toBe(401);
    expect(await as("kari", "whoami")).toMatchObject({
      code: 4,
      err: expect.stringContaining("Next: polyphony login"),
    });
  });
});
