import { describe, expect, it } from "@jest/globals";
import type { DatabaseServer } from "../../crds/index.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds } from "../../kube/kinds.ts";
import { DatabaseError } from "../database/errors.ts";
import { createFakePostgres } from "../database/fake-postgres.ts";
import { createFakeServers } from "../database/fake-servers.ts";
import type { ReconcileContext } from "../engine/controller.ts";
import { databaseServerKind, reconcileDatabaseServer } from "./reconcile-database-server.ts";

const url = "postgres://operator:a-canary-password@postgresql.example:5432/postgres";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const setup = async (spec: Partial<DatabaseServer["spec"]> = {}) => {
  const kube = createFakeKube();
  const postgres = createFakePostgres();
  const clock = { at: new Date("2026-03-01T08:00:00Z"), now: () => clock.at };
  const servers = createFakeServers({
    clock,
    postgresAt: (connection) => (connection.url.includes("nowhere") ? undefined : postgres),
  });
  const told: string[] = [];
  let tenants = 0;
  await kube.create(kinds.namespace, { metadata: { name: "system" } });
  await kube.create(kinds.secret, {
    metadata: { namespace: "system", name: "connection" },
    data: { url: base64(url) },
  });
  await kube.create(databaseServerKind, {
    metadata: { name: "main" },
    spec: {
      connection: { secretRef: { namespace: "system", name: "connection", key: "url" }, sslMode: "disable" },
      capacity: 100,
      class: "shared",
      ...spec,
    },
  } as unknown as DatabaseServer);
  let current: DatabaseServer | undefined;
  const reconcile = reconcileDatabaseServer({
    kube,
    clock,
    servers,
    cache: {
      get: (key) =>
        current && {
          key,
          uid: current.metadata.uid,
          resourceVersion: current.metadata.resourceVersion,
          value: current,
        },
    },
    tenantsOn: () => tenants,
    tell: (_server, { type, reason }) => told.push(`${type} ${reason}`),
  });
  const read = async () => (current = await kube.find(databaseServerKind, { name: "main" }));
  const visit = async () => {
    await read();
    const outcome = await reconcile("main", {} as ReconcileContext);
    await read();
    return outcome;
  };
  const condition = (type: string) => {
    const found = current?.status?.conditions?.find((one) => one.type === type);
    return found && `${found.status} ${found.reason}`;
  };
  const secretUrl = (text: string) =>
    kube.patch(kinds.secret, { namespace: "system", name: "connection" }, { data: { url: base64(text) } });
  return {
    kube,
    postgres,
    clock,
    servers,
    told,
    visit,
    condition,
    secretUrl,
    status: () => current?.status,
    resource: () => current,
    setTenants: (count: number) => (tenants = count),
  };
};

describe("a DatabaseServer", () => {
  it("K2: becomes ready, with its version, databases and size", async () => {
    const { visit, status, condition, told, servers } = await setup();
    expect(await visit()).toMatchObject({ kind: "wait", afterMs: 30_000 });
    expect(condition("Ready")).toBe("True Ready");
    expect(status()).toMatchObject({ version: "15.18", databases: 0, bytes: 0 });
    expect(servers.get("main")).toBeDefined();
    expect(told).toEqual(["Normal Ready"]);
  });

  it("writes nothing while nothing changes", async () => {
    const { visit, kube, clock } = await setup();
    await visit();
    const before = kube.writes().length;
    clock.at = new Date(clock.at.getTime() + 3_600_000);
    await visit();
    await visit();
    expect(kube.writes().slice(before)).toEqual([]);
  });

  it.each([
    [
      "away",
      new DatabaseError("DatabaseServerUnreachable", "It cannot be reached."),
      "Reachable",
      "DatabaseServerUnreachable",
    ],
    [
      "refusing the password",
      new DatabaseError("DatabaseServerAuthFailed", "It refuses."),
      "Reachable",
      "DatabaseServerAuthFailed",
    ],
    [
      "without rights for us",
      new DatabaseError("DatabaseServerRightsMissing", "A right lacks."),
      "RightsSufficient",
      "DatabaseServerRightsMissing",
    ],
  ])("says why it is not ready: %s, and heals", async (_name, trouble, type, reason) => {
    const { visit, postgres, condition, told } = await setup();
    await visit();
    postgres.trouble = trouble;
    expect(await visit()).toMatchObject({ kind: "wait", afterMs: 5_000, reason });
    expect(condition("Ready")).toBe(`False ${reason}`);
    expect(condition(type)).toBe(`False ${reason}`);
    postgres.trouble = null;
    await visit();
    expect(condition("Ready")).toBe("True Ready");
    expect(told).toEqual(["Normal Ready", `Warning ${reason}`, "Normal Ready"]);
  });

  it("refuses a server that is too old, without writing to it", async () => {
    const { visit, postgres, condition, servers } = await setup();
    Object.assign(postgres, { version: "14.9", versionNumber: 140_009 });
    await visit();
    expect(condition("Ready")).toBe("False DatabaseServerTooOld");
    expect(condition("VersionSupported")).toBe("False DatabaseServerTooOld");
    expect(servers.get("main")).toBeUndefined();
  });

  it("warns of a slow start after a crash, and is ready all the same", async () => {
    const { visit, postgres, condition } = await setup();
    postgres.recoveryInitSyncMethod = "fsync";
    await visit();
    expect(condition("SettingsSafe")).toBe("False SlowCrashRecovery");
    expect(condition("Ready")).toBe("True Ready");
  });

  it("says when it is full, while vaults that are there run on", async () => {
    const { visit, postgres, condition } = await setup({ capacity: 1 });
    const { aFullServer } = {
      aFullServer: {
        database: { name: "x" } as never,
        roles: { a: null, b: null },
        intent: null,
        schema: null,
        recordedSchema: null,
        writableWhenReadOnly: [],
      },
    };
    postgres.vaults.set("v", aFullServer);
    await visit();
    expect(condition("CapacityAvailable")).toBe("False DatabaseServerFull");
    expect(condition("Ready")).toBe("True Ready");
  });

  it("names the Secret that is missing, and follows a URL that changes", async () => {
    const { visit, condition, secretUrl, servers, status } = await setup({
      connection: { secretRef: { namespace: "system", name: "other", key: "url" }, sslMode: "disable" },
    });
    await visit();
    expect(condition("Ready")).toBe("False ConnectionSecretMissing");
    const again = await setup();
    await again.secretUrl("postgres://operator:a-canary-password@nowhere:5432/postgres");
    await again.visit();
    expect(again.condition("Ready")).toBe("False DatabaseServerUnreachable");
    await again.secretUrl(url);
    await again.visit();
    expect(again.condition("Ready")).toBe("True Ready");
    expect(JSON.stringify([status(), again.status()])).not.toContain("a-canary-password");
    expect(servers.get("main")).toBeUndefined();
    expect(secretUrl).toBeDefined();
  });

  it("stays while Tenants live on it, and goes when they are gone", async () => {
    const { visit, kube, setTenants, servers, resource } = await setup();
    await visit();
    setTenants(2);
    await kube.delete(databaseServerKind, { name: "main" });
    expect(await visit()).toMatchObject({ reason: "InUse" });
    setTenants(0);
    await visit();
    expect(resource()).toBeUndefined();
    expect(servers.get("main")).toBeUndefined();
  });
});
