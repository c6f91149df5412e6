import { randomBytes } from "node:crypto";
import { describe, expect, it, jest } from "@jest/globals";
import { systemClock } from "../../control-api/clock.ts";
import { createKubeTenantCluster } from "../../control-api/gateways/kube-tenant-cluster.ts";
import { newId } from "../../control-api/ids.ts";
import { publishTenant } from "../../control-api/tenants/publish-tenant.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { session } from "../contract/real-postgres.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

jest.setTimeout(150_000);

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");
const mailOf = (name: string): string => `${name}-${suffix}@late.example`;

const register = async (name: string): Promise<void> => {
  const body = aRegistration(`${name}-${suffix}`, mailOf(name));
  expect((await anApiClient(api().url).send("POST", "/api/registrations", body)).status).toBe(202);
};
const mailed = (name: string) => tokenInMail(api(), mailOf(name), /Confirm/);

type Work = { id: string; attempts: number; done_at: Date | null };

/** The outbox's row of the mail that a registration asks for. */
const workOf = (name: string): Promise<Work> =>
  api().registry.asPlatform((transaction) =>
    transaction("outbox as w")
      .join("registrations as r", "r.id", "w.subject")
      .where("r.contact_email", mailOf(name))
      .first<Work>("w.id", "w.attempts", "w.done_at"),
  );

describe("fault 5: a worker that is frozen with work in its hands", () => {
  it("holds nothing else up; what it has goes to another once its time is over, and waking it changes nothing", async () => {
    const [late, other] = [api().programs.startWorker(), api().worker];
    late.freeze();
    other.freeze();
    await register("held");
    await session(api().accounts.owner, async (client) => {
      // Whoever begins with the mail waits here for what it is to say.
      await client.query("BEGIN; LOCK TABLE registry.registrations IN ACCESS EXCLUSIVE MODE");
      late.wake();
      const begun = () =>
        api().registry.asPlatform((transaction) => transaction("outbox").where({ attempts: 1 }).first("id"));
      await eventually("it is begun", begun);
      late.freeze();
    });
    other.wake();

    const others = ["one", "two", "three", "four"];
    for (const name of others) await register(name);
    for (const name of others) await mailed(name);
    expect(await workOf("held")).toMatchObject({ attempts: 1, done_at: null });

    // Two minutes later.
    const { id } = await workOf("held");
    await api().registry.asPlatform((transaction) =>
      transaction("outbox").where({ id }).update({ due_at: systemClock.now() }),
    );
    const token = await mailed("held");
    const done = await eventually("it is done", async () => {
      const work = await workOf("held");
      return work.done_at !== null && work;
    });
    expect(done.attempts).toBe(2);

    late.wake();
    await late.stop();
    expect(await workOf("held")).toEqual(done);
    for (const name of others) expect(await workOf(name)).toMatchObject({ attempts: 1, done_at: expect.any(Date) });
    // Should it have sent its mail nevertheless, then with the same link, which is good once.
    const links = api()
      .mails.list(mailOf("held"))
      .map(({ text }) => /registrations\/(\S+)/.exec(text)?.[1]);
    expect(new Set(links)).toEqual(new Set([token]));
    const prove = () => anApiClient(api().url).send("POST", `/api/registrations/${token}/proof`);
    expect([(await prove()).status, (await prove()).status]).toEqual([201, 409]);
  });
});

describe("faults 5, 35: a worker that publishes a vault whose organization is closed meanwhile", () => {
  it("leaves no Tenant behind", async () => {
    const slug = `closes-${suffix}`;
    const client = anApiClient(api().url);
    await registerAndProve(api(), client, slug, mailOf("closes"));
    const find = () => api().kube.find(tenantKind, { name: slug });
    await eventually("the Tenant", find);
    const { subject } = await api().registry.asPlatform((transaction) =>
      transaction("vaults").where({ tenant: slug }).first<{ subject: string }>("organization_id as subject"),
    );
    const { kube, instance, registry } = api();
    const cluster = createKubeTenantCluster({ kube, instance, onTrouble: () => undefined });
    const [begun, goOn] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const slowCluster = {
      ...cluster,
      publish: async (wanted: Parameters<typeof cluster.publish>[0]) => {
        begun.resolve(undefined);
        await goOn.promise;
        await cluster.publish(wanted);
      },
    };
    const publish = publishTenant({ registry, cluster: slowCluster, clock: systemClock });
    const late = publish({ id: newId(), kind: "publish-tenant", subject, payload: {}, attempts: 1 });
    await begun.promise;
    const closed = await client.send("POST", `/api/organizations/${slug}/closing`, { confirm: slug });
    expect(closed.status).toBe(202);
    await eventually("the Tenant is gone", async () => (await find()) === undefined);
    goOn.resolve(undefined);
    await late;
    expect(await find()).toBeUndefined();
  });
});
