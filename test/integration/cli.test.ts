import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { kubeconfigAccess } from "../../kube/cluster-access.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";

const main = join(import.meta.dirname, "..", "..", "cli", "main.ts");
const slug = `cli-${randomBytes(3).toString("hex")}`;
const tenantKind = typed<Tenant>(kinds.tenant);
const create = [
  "tenant",
  "create",
  slug,
  "--organization",
  "Song Club",
  "--plan",
  "free",
  "--owner",
  "Sam <sam@example.org>",
  "--template",
  "choir",
];

type Outcome = { code: number | null; out: string; err: string };
type Running = { child: ChildProcess; outcome: Promise<Outcome>; said: () => string };

let kube: LiveKube;
let kubeconfig: string;

/** Starts the program as a person would; no terminal is there. */
const start = (...args: string[]): Running => {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const outcome = new Promise<Outcome>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  return { child, outcome, said: () => err };
};
const polyphony = (...args: string[]): Promise<Outcome> => start(...args).outcome;

const read = (): Promise<Tenant> => kube.get(tenantKind, { name: slug });

/** Writes what the operator would when it has done its part. */
const settle = async (phase: string): Promise<void> => {
  const { metadata } = await read();
  const ready = {
    type: "Ready",
    status: "True",
    reason: "Ready",
    message: "The vault answers.",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  const status = { phase, observedGeneration: metadata.generation, url: "http://x.example", conditions: [ready] };
  await kube.patchStatus(tenantKind, { name: slug }, { status });
};

const remove = (): Promise<unknown> => kube.delete(tenantKind, { name: slug }).catch(ignoreNotFound);

beforeAll(async () => {
  const api = await connectApiServer();
  await installCrds(api);
  api.close();
  kubeconfig = started.kubeconfig();
  kube = createLiveKube({ access: kubeconfigAccess(kubeconfig), fieldManager: "polyphony-operator" });
});
afterAll(async () => {
  await remove();
  kube.close();
});

describe("the command line on a real API server", () => {
  it("--dry-run is checked and defaulted by the server, and stores nothing", async () => {
    const { code, out } = await polyphony(...create, "--dry-run", "-o", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: "Tenant",
      spec: { plan: "free", retention: "720h", activity: "Running" },
    });
    expect(await kube.find(tenantKind, { name: slug })).toBeUndefined();
  });

  it("an object that is not valid ends with 1 and the schema's own words", async () => {
    const { code, err } = await polyphony(...create, "--retention", "forever");
    expect([code, err]).toEqual([
      1,
      `error: The tenant "${slug}" is not valid; nothing was written.\n  spec.retention: write a duration in hours, minutes and seconds, for example 720h, 1h30m or 0s\n`,
    ]);
  });

  it("create waits until the operator says Ready; Ctrl-C ends the waiting with 130 and not the work", async () => {
    const first = start(...create);
    await eventually("it waits", () => Promise.resolve(first.said().includes("has not looked at it yet")));
    first.child.kill("SIGINT");
    const interrupted = await first.outcome;
    expect(interrupted).toMatchObject({ code: 130, out: "" });
    expect(interrupted.err).toContain(
      `Interrupted. The work goes on in the cluster.\n  Next: polyphony tenant status ${slug}`,
    );
    const waiting = start("tenant", "wait", slug);
    await eventually("it waits", () => Promise.resolve(waiting.said() !== ""));
    await settle("Active");
    expect(await waiting.outcome).toMatchObject({ code: 0 });
    expect(await polyphony(...create)).toMatchObject({ code: 5 });
  });

  it("a timeout ends with 6", async () => {
    expect(await polyphony("tenant", "wait", slug, "--for", "phase=Suspended", "--timeout", "1s")).toMatchObject({
      code: 6,
      out: "",
    });
  });

  it("writes as polyphony-cli by server-side apply, and keeps what it set before", async () => {
    expect(
      await polyphony(
        "tenant",
        "edit",
        slug,
        "--set",
        "limits.members=50",
        "--set",
        "hosts=[a.example.org, b.example.org]",
      ),
    ).toMatchObject({ code: 0 });
    expect(await polyphony("tenant", "suspend", slug, "--no-wait", "--reason", "Unpaid.")).toMatchObject({ code: 0 });
    expect(await polyphony("tenant", "rotate", slug, "--no-wait")).toMatchObject({ code: 0 });
    const { spec, metadata } = await read();
    expect(spec).toMatchObject({
      plan: "free",
      limits: { members: 50 },
      hosts: ["a.example.org", "b.example.org"],
      activity: "Suspended",
      activityReason: "Unpaid.",
    });
    expect(metadata.annotations).toHaveProperty(["polyphony.dev/rotate-signing-requested-at"]);
    expect(
      (metadata as { managedFields?: { manager: string }[] }).managedFields?.map(({ manager }) => manager),
    ).toEqual(["polyphony-cli", "polyphony-operator"]);
  });

  it("takes a field away, and only that one", async () => {
    expect(
      await polyphony("tenant", "edit", slug, "--unset", "limits", "--set", "hosts=[b.example.org]"),
    ).toMatchObject({ code: 0 });
    const { spec } = await read();
    expect(spec).not.toHaveProperty("limits");
    expect(spec).toMatchObject({ hosts: ["b.example.org"], activityReason: "Unpaid." });
    const resumed = start("tenant", "resume", slug);
    await eventually("it waits", () => Promise.resolve(resumed.said().includes("has not looked")));
    await settle("Active");
    expect(await resumed.outcome).toMatchObject({ code: 0 });
    expect((await read()).spec).not.toHaveProperty("activityReason");
  });

  it("a field that GitOps holds stays as it is: 5, with the manager's name", async () => {
    await kube.apply(
      kinds.tenant,
      { metadata: { name: slug }, spec: { plan: "tier1" } },
      { fieldManager: "argocd", force: true },
    );
    const { code, err } = await polyphony("tenant", "edit", slug, "--set", "plan=free");
    expect([code, err.split("\n")[0]]).toEqual([5, `error: spec.plan of the tenant "${slug}" is held by "argocd".`]);
    expect((await read()).spec.plan).toBe("tier1");
    expect(await polyphony("tenant", "edit", slug, "--unset", "plan")).toMatchObject({ code: 5 });
    expect((await read()).spec.plan).toBe("tier1");
  });

  it("delete --dry-run deletes nothing; delete waits until it is gone", async () => {
    await kube.patch(tenantKind, { name: slug }, { metadata: { finalizers: ["polyphony.dev/vault"] } });
    expect(await polyphony("tenant", "delete", slug, "--dry-run")).toMatchObject({ code: 0 });
    expect((await read()).metadata.deletionTimestamp).toBeUndefined();
    const deleting = start("tenant", "delete", slug, "--yes");
    await eventually("it waits", async () => (await read()).metadata.deletionTimestamp !== undefined);
    await kube.patch(tenantKind, { name: slug }, { metadata: { finalizers: [] } });
    const { code, err } = await deleting.outcome;
    expect([code, err.includes(`The tenant "${slug}" is gone.`)]).toEqual([0, true]);
    expect(await polyphony("tenant", "get", slug)).toMatchObject({ code: 3, out: "" });
  });

  it("without a kubeconfig or with a context that is not there it ends with 4 and says where it looked", async () => {
    expect(await polyphony("tenant", "ls", "--kubeconfig", "/nowhere")).toMatchObject({
      code: 4,
      err: expect.stringContaining("Looked for: /nowhere"),
    });
    expect(await polyphony("tenant", "ls", "--context", "moon")).toMatchObject({
      code: 4,
      err: expect.stringContaining('has no context "moon"'),
    });
  });
});
