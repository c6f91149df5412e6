import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { kinds, type Pod } from "../../kube/kinds.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { tenantKind } from "../../operator/tenant/gather.ts";
import { annotations, namespaceOf } from "../../operator/tenant/names.ts";
import { run, urlAt } from "../contract/real-postgres.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";
import { type OperatorInProcess, startOperator } from "./operator-in-process.ts";
import { startStandInKubelet } from "./stand-in-kubelet.ts";

const slug = `changes-${process.pid}`;

let api: ApiServer;
let operator: OperatorInProcess;
let kubelet: { stop(): Promise<void> };
let vaultId = "";
const namespace = (): string => namespaceOf(vaultId);

const tenant = (): Promise<Tenant> => operator.kube.get(tenantKind, { name: slug });
const until = (what: string, test: (tenant: Tenant) => boolean): Promise<Tenant> =>
  eventually(what, async () => {
    const now = await tenant();
    return test(now) && now;
  });
const reasonOf = ({ status }: Tenant, type: string) => status?.conditions?.find((one) => one.type === type)?.reason;
const isCalm = (one: Tenant): boolean =>
  reasonOf(one, "SecretsCurrent") === "SecretsCurrent" && one.status?.observedGeneration === one.metadata.generation;

const change = (spec: Record<string, unknown>) => operator.kube.patch(tenantKind, { name: slug }, { spec });
const ask = (annotation: string) =>
  operator.kube.patch(
    tenantKind,
    { name: slug },
    {
      metadata: { annotations: { [annotation]: new Date().toISOString() } },
    },
  );

const podTemplate = async () => {
  const { metadata, spec } = await operator.kube.get(kinds.deployment, { name: "vault", namespace: namespace() });
  return { generation: metadata?.generation ?? 0, labels: spec?.template.metadata?.annotations ?? {} };
};
const pods = (): Promise<Pod[]> => operator.kube.list(kinds.pod, { namespace: namespace() });

const secretValue = async (key: string): Promise<string> => {
  const { data } = await operator.kube.get(kinds.secret, { name: "vault", namespace: namespace() });
  return Buffer.from(data?.[key] ?? "", "base64").toString("utf8");
};

/** Whether a vault with this URL could connect now. */
const opens = (url: string): Promise<boolean> =>
  run(url, "SELECT 1").then(
    () => true,
    () => false,
  );

const logins = () =>
  run<{ name: string; open: boolean; groups: string[] }>(
    started.adminUrl(),
    `SELECT rolname AS name, rolcanlogin AS open,
            ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS groups
       FROM pg_roles r WHERE rolname IN ($1, $2) ORDER BY 1`,
    [vaultLoginName(vaultId, "a"), vaultLoginName(vaultId, "b")],
  );

beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  operator = await startOperator();
  const meters = [{ name: "members", sql: "SELECT count(*) AS value FROM public.member", unit: "1" }];
  await operator.kube.patch(kinds.vaultTemplate, { name: operator.names.template }, { spec: { meters } });
  kubelet = await startStandInKubelet(api, operator.kube, () => (vaultId === "" ? [] : [namespace()]));
  const made = await operator.kube.create(tenantKind, operator.tenant(slug) as Tenant);
  vaultId = made.metadata.uid;
  await until("the vault is Ready", (now) => reasonOf(now, "Ready") === "Ready");
});

afterAll(async () => {
  await operator.kube.delete(tenantKind, { name: slug });
  await eventually("the Tenant is gone", async () => !(await operator.kube.find(tenantKind, { name: slug })));
  await kubelet.stop();
  await operator.stop();
  api.close();
});

describe("D7: rotation of the password on a real API server and a real PostgreSQL", () => {
  it("leaves the old login open while a pod that has it is still stopping, then closes it", async () => {
    const before = await secretValue("DATABASE_URL");
    const [held] = await pods();
    const ref = { name: held?.metadata?.name ?? "", namespace: namespace() };
    await operator.kube.patch(kinds.pod, ref, { metadata: { finalizers: ["polyphony.dev/test-hold"] } });
    await ask(annotations.rotateDatabase);
    await eventually("the held pod is asked to stop", async () =>
      Boolean((await operator.kube.get(kinds.pod, ref)).metadata?.deletionTimestamp),
    );
    const rolling = await until("it is told", (now) => reasonOf(now, "SecretsCurrent") === "Rotating");
    expect(reasonOf(rolling, "Ready")).toBe("Ready");
    const during = await secretValue("DATABASE_URL");
    expect(during).not.toBe(before);
    await sleep(3_000);
    expect([await opens(before), await opens(during)]).toEqual([true, true]);

    await operator.kube.patch(kinds.pod, ref, { metadata: { finalizers: null } });
    const done = await until("the rotation is done", isCalm);
    expect(done.status?.secretVersions).toEqual({ database: 2, databaseLogin: "b", signing: 1 });
    expect([await opens(before), await opens(during)]).toEqual([false, true]);
    expect((await logins()).map(({ open }) => open)).toEqual([false, true]);
  });

  it("goes back and forth between the two logins, and takes each request once", async () => {
    await ask(annotations.rotateDatabase);
    const done = await until("the second is done", (now) => now.status?.secretVersions?.database === 3 && isCalm(now));
    expect(done.status?.secretVersions?.databaseLogin).toBe("a");
    const { generation } = await podTemplate();
    await sleep(2_000);
    expect((await podTemplate()).generation).toBe(generation);
    expect(await opens(await secretValue("DATABASE_URL"))).toBe(true);
  });
});

describe("D7: rotation of the signing key", () => {
  it("rolls twice: every pod knows the new key before any pod signs with it", async () => {
    const old = await secretValue("SIGNING_KEY");
    await ask(annotations.rotateSigning);
    await until("it is announced", ({ status }) => status?.rotation?.signing?.step === "Announce");
    const announced = await eventually("the new key is accepted", async () => {
      const also = await secretValue("ACCEPTED_SIGNING_KEYS");
      return also !== "" && also;
    });
    expect(await secretValue("SIGNING_KEY")).toBe(old);
    await until("it is done", (now) => now.status?.secretVersions?.signing === 2 && isCalm(now));
    expect([await secretValue("SIGNING_KEY"), await secretValue("ACCEPTED_SIGNING_KEYS")]).toEqual([announced, old]);
    const carried = (await pods()).map(({ metadata }) => metadata?.annotations?.[annotations.secretVersions]);
    expect(new Set(carried)).toEqual(new Set(["password-a3_key-2-1"]));
  });
});

describe("K5: changes that roll nothing", () => {
  it("are read-only and its reason, a name, an owner and custom hosts", async () => {
    const before = await podTemplate();
    await change({
      access: "ReadOnly",
      accessReason: "Not paid.",
      organization: { ...(await tenant()).spec.organization, name: "Renamed" },
      owner: { email: "new@example.org", name: "Nora" },
      hosts: [`members-${slug}.example.org`],
    });
    await until(
      "it is read-only",
      (now) => now.status?.phase === "ReadOnly" && reasonOf(now, "Ready") === "Ready" && isCalm(now),
    );
    const groups = (await logins()).map((login) => login.groups);
    expect(groups).toEqual([[expect.stringMatching(/_ro$/)], [expect.stringMatching(/_ro$/)]]);
    expect([
      await secretValue("VAULT_NAME"),
      await secretValue("OWNER_EMAIL"),
      await secretValue("ACCESS_REASON"),
    ]).toEqual(["Renamed", "new@example.org", "Not paid."]);
    await change({ access: "ReadWrite", accessReason: null });
    await until("it is writable", (now) => now.status?.phase === "Active" && isCalm(now));
    expect(await podTemplate()).toEqual(before);
  });

  it("hold for sessions that are open: the next statement after the switch is refused, and allowed again after it", async () => {
    const database = urlAt(await secretValue("DATABASE_URL"), vaultDatabaseName(vaultId));
    const { session } = await import("../contract/real-postgres.ts");
    await session(database, async (client) => {
      const write = () =>
        client.query("INSERT INTO member (name) VALUES ('x')").then(
          () => "written",
          (error: unknown) => (error as { code?: string }).code,
        );
      expect(await write()).toBe("written");
      await change({ access: "ReadOnly" });
      await eventually("it is refused", async () => (await write()) === "42501");
      await change({ access: "ReadWrite" });
      await eventually("it is allowed", async () => (await write()) === "written");
    });
  });
});

describe("K5: what cannot be", () => {
  it("is a plan that there is not: it is told, and the vault serves on with the one it had", async () => {
    const before = await podTemplate();
    await change({ plan: "platinum" });
    const told = await until("it is told", (now) => reasonOf(now, "Accepted") === "PlanUnknown");
    expect(told.status?.phase).toBe("Active");
    expect(await podTemplate()).toEqual(before);
    await change({ plan: "free" });
    await until("it is well again", (now) => reasonOf(now, "Ready") === "Ready");
    expect(await podTemplate()).toEqual(before);
  });

  it("is a host that another Tenant has: the later one is told, and has it as soon as the other lets go", async () => {
    const host = `shared-${process.pid}.example.org`;
    const other = `${slug}-rival`;
    await change({ hosts: [host] });
    await until("the first is Ready", (now) => reasonOf(now, "RouteReady") === "RouteReady" && isCalm(now));
    await operator.kube.create(tenantKind, operator.tenant(other, { hosts: [host] }) as Tenant);
    const rival = () => operator.kube.get(tenantKind, { name: other });
    const routeOf = async () => (await rival()).status?.conditions?.find(({ type }) => type === "RouteReady");
    const told = await eventually("the second is told", async () => {
      const route = await routeOf();
      return route?.reason === "HostTaken" && route;
    });
    expect(told.message).toContain(`The host ${host} belongs to the Tenant "${slug}"`);
    await change({ hosts: null });
    await eventually("the second has it", async () => (await routeOf())?.reason !== "HostTaken");
    await operator.kube.delete(tenantKind, { name: other });
    await eventually("it is gone", async () => !(await operator.kube.find(tenantKind, { name: other })));
  });
});

describe("K5: a limit below what is used", () => {
  it("is told with meter, use and limit, takes nothing away, and clears when there is room", async () => {
    await change({ limits: { members: 1000 } });
    await until("it is known", (now) => reasonOf(now, "LimitsRespected") === "LimitsRespected");
    await change({ limits: { members: 0 } });
    const over = await until("it is told", (now) => reasonOf(now, "LimitsRespected") === "LimitsExceeded");
    expect(over.status?.limits?.meters).toMatchObject([{ name: "members", limit: 0 }]);
    expect(over.status?.limits?.meters[0]?.used).toBeGreaterThan(0);
    expect([over.status?.phase, reasonOf(over, "Ready")]).toEqual(["Active", "Ready"]);
    await change({ limits: { members: 1000 } });
    await until("it is cleared", (now) => reasonOf(now, "LimitsRespected") === "LimitsRespected");
  });
});

describe("K5 D7: suspended", () => {
  it("rotates without pods, and what ran before comes back with the new secrets: release, replicas, read-only", async () => {
    await change({ access: "ReadOnly" });
    const ran = await until("it is read-only", (now) => now.status?.phase === "ReadOnly" && isCalm(now));
    const count = (await pods()).length;
    await change({ activity: "Suspended", activityReason: "Asked for by the treasurer." });
    await until("it is suspended", (now) => now.status?.phase === "Suspended");
    await eventually("no pod runs", async () => (await pods()).length === 0);
    const version = ran.status?.secretVersions?.database ?? 0;
    await ask(annotations.rotateDatabase);
    await until("it is rotated", (now) => now.status?.secretVersions?.database === version + 1 && isCalm(now));
    expect(await pods()).toEqual([]);
    await change({ activity: "Running", activityReason: null });
    const back = await until(
      "it is back",
      (now) => now.status?.phase === "ReadOnly" && reasonOf(now, "Ready") === "Ready",
    );
    expect(back.status?.release).toEqual(ran.status?.release);
    expect(await pods()).toHaveLength(count);
    expect(await opens(await secretValue("DATABASE_URL"))).toBe(true);
    await change({ access: "ReadWrite" });
  });
});
