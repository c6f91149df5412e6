import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { buildCli } from "../../cli/build.ts";
import { stateFiles } from "../../cluster/state.ts";
import type { RetainedVault, VaultRelease } from "../../crds/index.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import { createTenants, randomSlug, type Tenants } from "./support/tenants.ts";

jest.setTimeout(300_000);

const slug = randomSlug("cli");
const address = vaultUrl(slug);

type Outcome = { code: number | null; out: string; err: string };

let demo: Demo;
let tenants: Tenants;
let folder: string;
let created: Outcome;

/** The executable as it is given to people, or kubectl with it in PATH. */
const run = (program: string, args: readonly string[], until?: (out: string) => boolean): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      KUBECONFIG: stateFiles.kubeconfig,
      KUBECTL: stateFiles.kubectl,
    };
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    // Once: a second Ctrl-C ends it on the spot.
    let isStopped = false;
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (!isStopped && until?.(out)) isStopped = child.kill("SIGINT");
    });
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
const polyphony = (...args: string[]): Promise<Outcome> => run(join(folder, "polyphony"), args);

/** A step that does not come is a failure of its own test, not of those after it. */
const inTime = ["--timeout", "90s"];

/** Its standard output; a failure fails the test with what it said. */
const shows = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await polyphony(...args);
  expect([args.join(" "), code, code === 0 ? "" : err]).toEqual([args.join(" "), 0, ""]);
  return out;
};

/** Other suites delete too: from the sixth within an hour on the operator asks, and a person answers. */
const remove = async (): Promise<void> => {
  const { code, err } = await polyphony("tenant", "delete", slug, "--yes");
  if (code === 0) return;
  expect(err).toContain(`Next: polyphony tenant approve-deletions ${slug}`);
  expect(await shows("tenant", "approve-deletions")).toContain(slug);
  await shows("tenant", "approve-deletions", slug, "--yes");
  await shows("tenant", "wait", slug, "--for", "deleted");
};

const members = async (): Promise<string> =>
  (await shows("tenant", "psql", slug, "-c", "SELECT count(*) FROM members", "--", "-At")).trim();

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  folder = mkdtempSync(join(tmpdir(), "polyphony-cli-"));
  await buildCli(folder);
  const wish = ["--organization", "Song Club", "--plan", "free", "--owner", "Sam <sam@song-club.example>"];
  created = await polyphony(
    "tenant",
    "create",
    slug,
    ...wish,
    "--template",
    "choir",
    "--retention",
    "1h",
    "-o",
    "name",
  );
});
afterAll(async () => {
  await polyphony("tenant", "delete", slug, "--yes", "--no-wait");
  await polyphony("tenant", "approve-deletions", slug, "--yes");
  await polyphony("tenant", "wait", slug, "--for", "deleted", "--timeout", "90s");
  await polyphony("retained", "purge", slug, "--yes");
  await tenants.removeAll();
  demo.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the executable on the demo", () => {
  it("K1: create ended when the vault answered, and told its steps", () => {
    expect([created.code, created.out]).toEqual([0, `${slug}\n`]);
    expect(created.err).toContain(`The vault answers at ${address}`);
  });

  it("status has database, release, workload, secrets and whether the address answers on one screen", async () => {
    const screen = await shows("tenant", "status", slug);
    expect(screen).toContain(`${address} · answers 200`);
    expect(screen).toMatch(/Database {2}vault_[0-9a-f]{32} on default \(PostgreSQL/);
    expect(screen).toMatch(/Release {3}choir-.* · schema \d+ · follows stable/);
    expect(screen).toMatch(/Workload {2}1 of 1 pods ready · 0 restarts · vault-/);
    expect(screen).toMatch(/Secrets {3}password version 1, \d+s old/);
    expect(screen).toMatch(/Ready +True +Ready/);
    expect(screen).toContain(`Next: polyphony tenant open ${slug}`);
  });

  it("lists, logs, events and open tell of it", async () => {
    expect((await shows("tenant", "ls", "-o", "name")).split("\n")).toContain(slug);
    expect(await shows("tenant", "get", slug, "--columns", "phase,.spec.owner.email")).toMatch(
      /Active +sam@song-club\.example/,
    );
    expect(await shows("tenant", "logs", slug, "--since", "1h")).toContain("listening");
    expect(await shows("tenant", "events", slug)).toMatch(/Ready +tenant\//);
    expect(await shows("tenant", "open", slug)).toBe(`${address}\n`);
    expect(await shows("tenant", "explain", slug)).toContain("there is nothing to do");
  });

  it("logs -f goes on until Ctrl-C, which ends with 130", async () => {
    const { code, out } = await run(join(folder, "polyphony"), ["tenant", "logs", slug, "-f"], (said) =>
      said.includes("\n"),
    );
    expect(code).toBe(130);
    expect(out).toContain("listening");
  });

  it("psql is the vault's own login: it reads its tables and makes none", async () => {
    expect(await members()).toBe("1");
    const { code, err } = await polyphony("tenant", "psql", slug, "-c", "CREATE TABLE mine (x int)");
    expect(code).toBe(1);
    expect(err).toContain("permission denied");
  });

  it("doctor walks from the installation to its address", async () => {
    const report = JSON.parse((await polyphony("doctor", slug, "-o", "json")).out) as {
      checks: { check: string; state: string }[];
    };
    // Nobody has logged in to the platform here; test/integration/cli-platform.test.ts does.
    const bad = report.checks.filter(({ state, check }) => state !== "ok" && check !== "registry");
    expect(bad).toEqual([]);
    expect(report.checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["leader", "watches", "database", "pods", "service", "address"]),
    );
  });

  it("doctor --probe-network finds out whether the network enforces policies, and leaves nothing behind", async () => {
    const { out } = await polyphony("doctor", "--probe-network", "-o", "json");
    const { checks } = JSON.parse(out) as { checks: { check: string; state: string }[] };
    expect(["ok", "warning"]).toContain(checks.find(({ check }) => check === "network policies")?.state);
    await eventually("the probe's namespace is gone", async () => {
      const { stdout } = await demo.kubectl(["get", "namespaces", "-o", "name"]);
      return !stdout.includes("polyphony-doctor-");
    });
  });

  it("kubectl polyphony is the same, and completes live names", async () => {
    const plugin = await run(stateFiles.kubectl, ["polyphony", "tenant", "get", slug, "-o", "name"]);
    expect(plugin).toEqual({ code: 0, out: `${slug}\n`, err: "" });
    expect((await polyphony("__complete", "tenant", "status", slug)).out).toContain(`${slug}\tSong Club`);
  });
});

describe("what the executable changes", () => {
  it("K5: suspend takes it off the air, resume brings it back", async () => {
    await shows("tenant", "suspend", slug, "--reason", "Unpaid since May.", ...inTime);
    await eventually("its page says so", async () => (await shows("tenant", "status", slug)).includes("answers 403"));
    await eventually("its pods are gone", async () => (await polyphony("tenant", "logs", slug)).code === 1);
    expect((await polyphony("doctor", slug)).code).toBe(0);
    await shows("tenant", "resume", slug, ...inTime);
    await eventually("it answers", async () => (await shows("tenant", "status", slug)).includes("answers 200"));
  });

  it("V6: read-only refuses writes of the login, and back", async () => {
    await shows("tenant", "read-only", slug, ...inTime);
    const { code, err } = await polyphony("tenant", "psql", slug, "-c", "UPDATE members SET name = name");
    expect([code, err.includes("permission denied")]).toEqual([1, true]);
    await shows("tenant", "read-only", slug, "--off", ...inTime);
    await shows("tenant", "psql", slug, "-c", "UPDATE members SET name = name");
  });

  it("D7: rotate ends when both secrets are new", async () => {
    await shows("tenant", "rotate", slug, ...inTime);
    expect(await shows("tenant", "status", slug)).toMatch(/password version 2, .*\(login b\) · signing key version 2/);
    await shows("tenant", "retry", slug);
  });

  it("edit shows before and after; a plan that is not there is explained", async () => {
    expect((await polyphony("tenant", "edit", slug, "--set", "plan=none")).err).toContain("plan: free → none");
    await eventually("the operator says so", async () =>
      (await shows("tenant", "explain", slug)).includes("PlanUnknown"),
    );
    expect((await polyphony("doctor", slug)).err).toContain("The first broken link: template and plan.");
    await shows("tenant", "edit", slug, "--set", "plan=tier1");
    await shows("tenant", "wait", slug);
  });

  it("R1: upgrade goes to another channel's release", async () => {
    const { items } = JSON.parse(await shows("release", "ls", "--template", "choir", "-o", "json")) as {
      items: VaultRelease[];
    };
    const table = await shows("release", "ls", "--template", "choir", "--columns", "version,channels");
    const version = /^(\S+) +next$/m.exec(table)?.[1];
    expect(items.map(({ spec }) => spec.version)).toContain(version);
    await shows("tenant", "upgrade", slug, "--channel", "next", ...inTime);
    expect(await shows("tenant", "get", slug, "--columns", "release")).toContain(version);
    expect((await polyphony("tenant", "upgrade", slug)).err).toContain("already");
  });

  it("a release in a channel that Helm holds is not promoted silently", async () => {
    const table = await shows("release", "ls", "--template", "choir", "--columns", "name,channels");
    const name = /^(\S+) +next$/m.exec(table)?.[1] ?? "";
    expect(await polyphony("release", "promote", name, "--dry-run")).toMatchObject({
      code: 5,
      err: expect.stringContaining("is held by"),
    });
  });

  it("K4: delete keeps the data; restore brings it back with every row; purge ends it", async () => {
    expect((await polyphony("tenant", "delete", slug, "--dry-run")).code).toBe(0);
    expect((await tenants.get(slug)).metadata.deletionTimestamp).toBeUndefined();
    await remove();
    expect((await polyphony("tenant", "get", slug)).code).toBe(3);
    expect(await shows("retained", "ls", "--columns", "slug,phase")).toMatch(new RegExp(`${slug} +Kept`));
    await shows("retained", "restore", slug);
    expect(await members()).toBe("1");
    await remove();
    await shows("retained", "purge", slug, "--yes");
    const left = JSON.parse(await shows("retained", "ls", "-o", "json")) as { items: RetainedVault[] };
    expect(left.items.filter(({ spec, status }) => spec.slug === slug && status?.phase === "Kept")).toEqual([]);
  });

  it("server and env tell of the demo", async () => {
    expect(await shows("server", "ls")).toMatch(/default +\d+\.\d+ +True/);
    expect(await shows("server", "get", "default", "-o", "json")).toContain('"kind": "DatabaseServer"');
    expect(await shows("env")).toContain("GATEWAY_URL=");
  });
});
