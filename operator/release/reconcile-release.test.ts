import { describe, expect, it } from "@jest/globals";
import type { DatabaseServer, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds, type Job } from "../../kube/kinds.ts";
import { createFakePostgres, fakeMigrate } from "../database/fake-postgres.ts";
import { createFakeServers } from "../database/fake-servers.ts";
import type { ReconcileContext } from "../engine/controller.ts";
import type { FollowerCounts } from "../migration/followers.ts";
import { createSecrets } from "../secrets.ts";
import { reconcileRelease } from "./reconcile-release.ts";
import { releaseKind } from "./report-status.ts";

const namespace = "polyphony-migrations";
const digest = `sha256:${"ab".repeat(32)}`;
const database = "golden_choir_1_4_0_abababab";

const metadata = { uid: "u", resourceVersion: "1", generation: 1, creationTimestamp: "2026-03-01T08:00:00Z" };

const template = {
  metadata: { ...metadata, name: "choir" },
  spec: { image: { repository: "registry.example/choir" }, writableWhenReadOnly: ["sign_in"] },
} as unknown as VaultTemplate;

const serverNamed = (name: string): DatabaseServer =>
  ({
    metadata: { ...metadata, name },
    spec: {
      capacity: 10,
      networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432, protocol: "TCP" }] }],
    },
  }) as unknown as DatabaseServer;

const cached = <T>(value: T) => ({ key: "", uid: "", resourceVersion: "", value });

const setup = async () => {
  const kube = createFakeKube();
  const postgres = createFakePostgres();
  const clock = { at: new Date("2026-03-01T08:00:00Z"), now: () => clock.at };
  const servers = createFakeServers({ clock, postgresAt: () => postgres });
  const url = "postgres://operator:secret@postgresql.example:5432/postgres";
  const connect = () => servers.connect("main", { url, sslMode: "disable", capacity: 10 });
  const resources = [serverNamed("main")];
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  await kube.create(releaseKind, {
    metadata: { name: "choir-1.4.0" },
    spec: {
      template: "choir",
      version: "1.4.0",
      image: { digest },
      schemaVersion: 7,
      commands: { serve: ["serve"], migrate: ["migrate"] },
    },
  } as unknown as VaultRelease);
  let current: VaultRelease | undefined;
  let users: string[] = [];
  let followers: FollowerCounts | null = null;
  let templates = [template];
  const told: string[] = [];
  const reconcile = reconcileRelease({
    kube,
    clock,
    servers,
    namespace,
    imagePullSecrets: ["registry"],
    secrets: createSecrets(Buffer.alloc(32, 1)),
    tenantsOf: () => users.length,
    usersOf: () => users,
    followersOf: () => followers,
    tell: (_release, { type, reason }) => told.push(`${type} ${reason}`),
    caches: {
      releases: { get: () => current && cached(current) },
      templates: { get: (name) => templates.filter((one) => one.metadata.name === name).map(cached)[0] },
      servers: {
        get: (name) => resources.filter((one) => one.metadata.name === name).map(cached)[0],
        values: () => resources.map(cached).values(),
      },
    },
  });
  const visit = async () => {
    current = await kube.find(releaseKind, { name: "choir-1.4.0" });
    const outcome = await reconcile("choir-1.4.0", {} as ReconcileContext);
    current = await kube.find(releaseKind, { name: "choir-1.4.0" });
    return outcome;
  };
  const jobs = () => kube.list(kinds.job, { namespace });
  const end = async (type: "Complete" | "Failed") => {
    const job = (await jobs()).at(-1) as Job;
    const lastTransitionTime = clock.now().toISOString();
    const condition = {
      type,
      status: "True",
      lastTransitionTime,
      message: "Job has reached the specified backoff limit",
    };
    await kube.patchStatus(
      kinds.job,
      { namespace, name: job.metadata?.name ?? "" },
      { status: { conditions: [condition] } },
    );
    return job;
  };
  const podState = async (job: Job | undefined, state: object) => {
    const labels = { "batch.kubernetes.io/job-name": job?.metadata?.name ?? "" };
    await kube.create(kinds.pod, { metadata: { namespace, name: "p", labels } });
    const containerStatuses = [{ name: "migrate", state }];
    await kube.patchStatus(kinds.pod, { namespace, name: "p" }, { status: { containerStatuses } });
  };
  const ready = () => {
    const condition = current?.status?.conditions?.find(({ type }) => type === "Ready");
    return condition && `${condition.status} ${condition.reason}`;
  };
  return {
    ...{ kube, postgres, clock, servers, connect, visit, jobs, end, podState, ready, told },
    release: () => current,
    setUsers: (slugs: string[]) => (users = slugs),
    setFollowers: (counts: FollowerCounts) => (followers = counts),
    condition: (type: string) => current?.status?.conditions?.find((condition) => condition.type === type),
    setTemplates: (list: VaultTemplate[]) => (templates = list),
  };
};

describe("a VaultRelease", () => {
  it("K2: gets its golden template by one Job with the release's image, made once", async () => {
    const { connect, visit, jobs, end, ready, release, postgres, kube, told } = await setup();
    await connect();
    expect(await visit()).toMatchObject({ kind: "wait", reason: "Migrating" });
    expect(ready()).toBe("False Migrating");
    expect(await visit()).toMatchObject({ reason: "Migrating" });
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    const pod = job?.spec?.template.spec;
    expect(pod?.containers[0]).toMatchObject({
      image: `registry.example/choir@${digest}`,
      args: ["migrate", "/migrations/databases.ndjson"],
    });
    const secret = await kube.get(kinds.secret, { namespace, name: job?.metadata?.name ?? "" });
    const line = JSON.parse(Buffer.from(secret.data?.["databases.ndjson"] ?? "", "base64").toString()) as {
      url: string;
    };
    expect(line).toMatchObject({ id: database });
    expect(line.url).toMatch(
      /^postgres:\/\/choir_migrator:[\w-]{43}@postgresql\.example:5432\/golden_choir_1_4_0_abababab$/,
    );
    fakeMigrate(postgres, database);
    await end("Complete");
    await visit();
    expect(ready()).toBe("True Ready");
    expect(release()?.status?.goldenTemplates).toEqual([{ server: "main", database, state: "Ready" }]);
    expect(postgres.migrators.size).toBe(0);
    expect(told).toEqual(["Normal Migrating", "Normal Ready"]);
  });

  it("writes nothing once it is ready", async () => {
    const { connect, visit, end, postgres, kube, clock } = await setup();
    await connect();
    await visit();
    fakeMigrate(postgres, database);
    await end("Complete");
    await visit();
    const before = kube.writes().length;
    clock.at = new Date(clock.at.getTime() + 3_600_000);
    await visit();
    expect(kube.writes().slice(before)).toEqual([]);
  });

  it("says what the migrations said when they fail, keeps their secrets, and begins again after a while", async () => {
    const { connect, visit, end, podState, ready, release, clock, jobs, postgres } = await setup();
    await connect();
    await visit();
    const job = await end("Failed");
    const message =
      'connecting\n{"id":"x","ok":false,"error":"column \\"y\\" is missing at postgres://u:hidden@h/d"}\n';
    await podState(job, { terminated: { exitCode: 1, message } });
    expect(await visit()).toMatchObject({ kind: "wait", afterMs: 30_000, reason: "MigrationFailed" });
    expect(ready()).toBe("False MigrationFailed");
    const told = release()?.status?.goldenTemplates?.[0]?.message ?? "";
    expect(told).toContain('column "y" is missing');
    expect(told).not.toContain("hidden");
    clock.at = new Date(clock.at.getTime() + 31_000);
    await visit();
    expect((await jobs()).map(({ metadata: { name } = {} }) => name?.split("-").at(-1))).toEqual(["1", "2"]);
    fakeMigrate(postgres, database);
    await end("Complete");
    await visit();
    expect(ready()).toBe("True Ready");
    expect(postgres.migrationRuns.map(({ outcome }) => outcome)).toEqual(["failed", "succeeded"]);
  });

  it("says that migrations which ended well left nothing to use", async () => {
    const { connect, visit, end, ready } = await setup();
    await connect();
    await visit();
    await end("Complete");
    await visit();
    expect(ready()).toBe("False GoldenTemplateInvalid");
  });

  it("says that the image cannot be pulled", async () => {
    const { connect, visit, jobs, podState, ready } = await setup();
    await connect();
    await visit();
    const [job] = await jobs();
    await podState(job, { waiting: { reason: "ImagePullBackOff" } });
    await visit();
    expect(ready()).toBe("False MigrationHeldUp");
  });

  it("lets migrations reach their own server and nothing else", async () => {
    const { connect, visit, kube } = await setup();
    await connect();
    await visit();
    const policy = await kube.get(kinds.networkPolicy, { namespace, name: "server-main" });
    expect(policy.spec).toEqual({
      podSelector: { matchLabels: { "polyphony.dev/database-server": "main" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "10.0.0.7/32" } }], ports: [{ port: 5432, protocol: "TCP" }] }],
    });
  });

  it("waits for a server that is not connected, and for a template that is missing", async () => {
    const { visit, ready, setTemplates, connect } = await setup();
    await visit();
    expect(ready()).toBe("False DatabaseServerConnecting");
    setTemplates([]);
    await visit();
    expect(ready()).toBe("False TemplateMissing");
    setTemplates([template]);
    await connect();
    await visit();
    expect(ready()).toBe("False Migrating");
  });

  it("says how far its followers are, and who fails", async () => {
    const { connect, visit, end, postgres, condition, setFollowers, release } = await setup();
    await connect();
    await visit();
    fakeMigrate(postgres, database);
    await end("Complete");
    await visit();
    expect(condition("FollowersMigrated")).toBeUndefined();
    setFollowers({ migrated: 3, pending: 1, failing: 0, failingSlugs: [] });
    await visit();
    expect(condition("FollowersMigrated")).toMatchObject({ status: "False", reason: "MigrationPending" });
    setFollowers({ migrated: 3, pending: 0, failing: 1, failingSlugs: ["song-club"] });
    await visit();
    expect(condition("FollowersMigrated")?.message).toContain("song-club");
    setFollowers({ migrated: 4, pending: 0, failing: 0, failingSlugs: [] });
    await visit();
    expect(condition("FollowersMigrated")).toMatchObject({ status: "True", reason: "Migrated" });
    expect(release()?.status?.followers).toEqual({ migrated: 4, pending: 0, failing: 0 });
  });

  it("stays while Tenants run it, then goes with its golden templates", async () => {
    const { connect, visit, end, postgres, kube, setUsers, release, ready, condition, told } = await setup();
    await connect();
    await visit();
    fakeMigrate(postgres, database);
    await end("Complete");
    await visit();
    setUsers(["alto-ensemble", "nordic-choirs"]);
    await kube.delete(releaseKind, { name: "choir-1.4.0" });
    expect(await visit()).toMatchObject({ reason: "InUse" });
    expect(ready()).toBe("False InUse");
    expect(condition("Ready")?.message).toContain("alto-ensemble, nordic-choirs");
    expect(told.at(-1)).toBe("Warning InUse");
    expect(postgres.goldens.has(database)).toBe(true);
    setUsers([]);
    await visit();
    expect(release()).toBeUndefined();
    expect(postgres.goldens.has(database)).toBe(false);
    expect(await kube.list(kinds.job)).toEqual([]);
  });
});
