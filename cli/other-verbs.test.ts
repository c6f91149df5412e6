import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { kinds } from "../kube/kinds.ts";
import { releases, retainedVaults, templates } from "./names.ts";
import { putRelease, putRetained } from "./testing/a-cluster.ts";
import { aWorld, settle, slug, tenantOf } from "./testing/an-operated-world.ts";
import { expectGolden, shown } from "./testing/transcript.ts";

describe("tenant open and psql", () => {
  it("opens a browser where there is a screen, and prints the address anyway", async () => {
    const world = await aWorld({ answers: [], env: { BROWSER: "firefox" } });
    const { out } = await world.polyphony(["tenant", "open", slug]);
    expect(out).toBe("http://alto-ensemble.polyphony.localhost:8080\n");
    expect(world.ran).toEqual([
      { program: "firefox", args: ["http://alto-ensemble.polyphony.localhost:8080"], env: {} },
    ]);
  });

  it("runs psql as the vault's own login through a port-forward, with nothing secret among the arguments", async () => {
    const world = await aWorld({ companion: "Forwarding from 127.0.0.1:41234 -> 5432" });
    const url = "postgres://vault_x_a:s%2Fecret@polyphony-postgresql.polyphony-system.svc.cluster.local:5432/vault_x";
    await world.kube.create(kinds.secret, {
      metadata: { name: "vault", namespace: "vault-155fdf153ecc" },
      data: { DATABASE_URL: Buffer.from(url).toString("base64") },
    });
    const args = ["tenant", "psql", slug, "-c", "SELECT 1"];
    expectGolden("psql", shown(args, await world.polyphony(args)));
    expect(world.ran).toEqual([
      {
        program: "kubectl",
        args: [
          "--kubeconfig",
          "fake",
          "--namespace",
          "polyphony-system",
          "port-forward",
          "--address",
          "127.0.0.1",
          "service/polyphony-postgresql",
          ":5432",
        ],
        env: {},
      },
      {
        program: "psql",
        args: ["--command", "SELECT 1"],
        env: {
          PGHOST: "127.0.0.1",
          PGPORT: "41234",
          PGUSER: "vault_x_a",
          PGPASSWORD: "s/ecret",
          PGDATABASE: "vault_x",
          PGAPPNAME: "polyphony-cli/alto-ensemble",
        },
      },
      { program: "stop", args: [], env: {} },
    ]);
  });
});

describe("release promote", () => {
  it("names Helm when it holds the channel, and takes it over only when told to", async () => {
    const world = await aWorld();
    await putRelease(world.kube, "1.5.0");
    expect(await world.polyphony(["release", "promote", "choir-1.5.0"])).toMatchObject({ code: 5 });
    expect(await world.polyphony(["release", "promote", "choir-1.5.0", "--channel", "beta"])).toMatchObject({
      code: 0,
    });
    expect(await world.polyphony(["release", "promote", "choir-1.5.0", "--take-over"])).toMatchObject({ code: 0 });
    expect((await world.kube.get(templates, { name: "choir" })).spec.channels).toEqual({
      stable: "1.5.0",
      beta: "1.5.0",
    });
    expect((await world.polyphony(["release", "promote", "choir-1.5.0"])).err).toContain("points at 1.5.0 already");
    expect((await world.kube.list(releases)).length).toBe(2);
  });
});

describe("retained vaults", () => {
  it("K4: restore makes the tenant as it was", async () => {
    const world = await aWorld();
    const { metadata } = await putRetained(world.kube);
    const args = ["retained", "restore", "song-club"];
    expectGolden("restore", shown(args, await world.polyphony(args, () => settle(world, {}, "song-club"))));
    const { spec, metadata: made } = await tenantOf(world, "song-club");
    expect(spec).toMatchObject({ plan: "tier1", restoreFrom: metadata.name, organization: { id: "org_song-club" } });
    expect(made.labels).toEqual({ tier: "gold" });
  });

  it("purge destroys only after the record's name was typed, and confirms it to the operator", async () => {
    const world = await aWorld({ answers: ["song-club-0b0e2a5e6c1d"] });
    const { metadata } = await putRetained(world.kube);
    const { name } = metadata;
    const args = ["retained", "purge", "song-club"];
    const outcome = await world.polyphony(args, async () => {
      await world.kube.patchStatus(
        retainedVaults,
        { name },
        { status: { phase: "Purging", message: "The database is being dropped." } },
      );
      await world.timer.advance(1_000);
      expect((await world.kube.get(retainedVaults, { name })).metadata.annotations).toMatchObject({
        "polyphony.dev/deletion": "approved",
      });
      await world.kube.patch(retainedVaults, { name }, { metadata: { finalizers: [] } });
    });
    expectGolden("purge", shown(args, outcome));
  });
});

describe("up, down and env", () => {
  it("run the checkout's own targets", async () => {
    const world = await aWorld({ folder: join(import.meta.dirname, "golden") });
    for (const verb of ["up", "down", "env"]) await world.polyphony([verb]);
    const root = join(import.meta.dirname, "..");
    expect(world.ran.map(({ args }) => args)).toEqual(
      ["demo", "down", "env"].map((target) => ["--silent", "--directory", root, target]),
    );
  });
});
