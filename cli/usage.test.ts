import { describe, expect, it } from "@jest/globals";
import {
  ForbiddenError,
  InvalidError,
  type KubeError,
  ServerError,
  UnauthorizedError,
  UnreachableError,
} from "../kube/errors.ts";
import { putInstallation, putRelease, putRetained, putTenant } from "./testing/a-cluster.ts";
import { createFakeWorld } from "./testing/fake-world.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

/** Everything that people get wrong, in one file with the exact words and exit codes: golden/wrong-usage.txt. */
const wrong: string[][] = [
  [],
  ["tenant"],
  ["tenants", "lst"],
  ["teannt", "ls"],
  ["tenant", "ls", "-o", "xml"],
  ["tenant", "ls", "--columns", "name,colour"],
  ["tenant", "ls", "--nonsense"],
  ["tenant", "get"],
  ["tenant", "get", "alto-ensembel"],
  ["tenant", "status", "nobody-like-this"],
  ["tenant", "create"],
  ["tenant", "create", "new"],
  ["tenant", "create", "new", "--organization", "New"],
  ["tenant", "create", "new", "--organization", "New", "--plan", "free"],
  ["tenant", "create", "new", "--organization", "New", "--plan", "free", "--owner", "kari@example.org"],
  ["tenant", "create", "alto-ensemble", "--organization", "A", "--plan", "free", "--owner", "K <k@example.org>"],
  ["tenant", "create", "new", "--file", "/nowhere.yaml"],
  ["tenant", "create", "new", "--timeout", "soon"],
  ["tenant", "edit", "alto-ensemble"],
  ["tenant", "edit", "alto-ensemble", "--set", "plan"],
  ["tenant", "edit", "alto-ensemble", "--set", "plan=tier1"],
  ["tenant", "edit", "alto-ensemble", "--unset", "plan"],
  ["tenant", "upgrade", "alto-ensemble", "--to", "1.5.0", "--channel", "beta"],
  ["tenant", "upgrade", "alto-ensemble", "--channel", "beta"],
  ["tenant", "rotate", "alto-ensemble", "--secret", "everything"],
  ["tenant", "delete", "alto-ensemble"],
  ["tenant", "delete", "guarded", "--yes"],
  ["tenant", "suspend", "leaving"],
  ["tenant", "approve-deletions", "alto-ensemble"],
  ["tenant", "approve-deletions", "leaving", "--all"],
  ["tenant", "wait", "alto-ensemble", "--for", "happiness"],
  ["tenant", "wait", "alto-ensemble", "--for", "phase=Gone"],
  ["tenant", "logs", "alto-ensemble", "--tail", "many"],
  ["tenant", "logs", "new-comer"],
  ["tenant", "open", "new-comer"],
  ["tenant", "psql", "new-comer"],
  ["release", "get", "choir-1.4.1"],
  ["release", "promote", "choir-9.9.9"],
  ["release", "promote", "choir-1.6.0"],
  ["release", "promote", "choir-1.5.0"],
  ["server", "get", "defualt"],
  ["retained", "restore", "alto-ensemble"],
  ["retained", "purge", "song-club"],
  ["explain", "Nonsense"],
  ["completion", "powershell"],
  ["doctor", "nobody-like-this"],
  ["up"],
];

const aWorld = async () => {
  const world = createFakeWorld();
  const { kube } = world;
  await putInstallation(kube);
  await putRelease(kube, "1.5.0");
  await putRelease(kube, "1.6.0", false);
  await putRetained(kube);
  await putTenant(kube, "guarded", { spec: { protected: true } });
  await putTenant(kube, "leaving", { metadata: { finalizers: ["polyphony.dev/vault"] } });
  await kube.delete(
    { group: "polyphony.dev", version: "v1alpha1", kind: "Tenant", plural: "tenants", namespaced: false },
    { name: "leaving" },
  );
  await putTenant(kube, "new-comer", { status: { phase: "Pending", observedGeneration: 1 } });
  await world.timer.advance(60_000);
  return world;
};

describe("commands given wrongly", () => {
  it("say what is wrong, what would be right, and end with the code for it", async () => {
    const world = await aWorld();
    const before = world.kube.writes().length;
    const parts: string[] = [];
    for (const args of wrong) parts.push(shown(args, await world.polyphony(args)));
    expectGolden("wrong-usage", parts.join("\n"));
    const dangerous = world.kube
      .writes()
      .slice(before)
      .filter(({ verb }) => verb !== "apply");
    expect(dangerous).toEqual([]);
  });

  const call = { verb: "list", kind: "Tenant" };
  const refusals: { what: string; error: KubeError; code: number }[] = [
    { what: "not logged in", error: new UnauthorizedError(call, "Unauthorized"), code: 4 },
    { what: "not allowed", error: new ForbiddenError(call, 'User "eve" cannot list resource "tenants"'), code: 4 },
    {
      what: "refused by a policy",
      error: new ForbiddenError(
        call,
        `tenants "kube" is forbidden: ValidatingAdmissionPolicy 'x' with binding 'x' denied request: the slug "kube" is reserved`,
      ),
      code: 1,
    },
    {
      what: "not valid",
      error: new InvalidError(call, 422, "no", [
        { field: "spec.plan", reason: "x", message: "use lower-case letters" },
      ]),
      code: 1,
    },
    { what: "unreachable", error: new UnreachableError(call, "no answer from 10.0.0.1: ECONNREFUSED"), code: 1 },
    { what: "a server that fails", error: new ServerError(call, 500, "etcd is away"), code: 1 },
  ];
  it.each(refusals)("a cluster that says $what ends with $code and says what to do", async ({ what, error, code }) => {
    const world = await aWorld();
    world.kube.intercept(() => {
      throw error;
    });
    const outcome = await world.polyphony(["tenant", "ls"]);
    expect(outcome.code).toBe(code);
    expect(outcome.out).toBe("");
    expectGolden(`cluster-${what.replaceAll(" ", "-")}`, shown(["tenant", "ls"], outcome));
  });
});
