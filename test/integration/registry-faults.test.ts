import { randomBytes } from "node:crypto";
import { describe, expect, it, jest } from "@jest/globals";
import { Redis } from "ioredis";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, logIn, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer } from "../builders/an-api-client.ts";
import { run } from "../contract/real-postgres.ts";
import { eventually } from "../harness/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

jest.setTimeout(150_000);

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");
const mailOf = (name: string): string => `${name}-${suffix}@faults.example`;

const register = (url: string, name: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  anApiClient(url).send("POST", "/api/registrations", aRegistration(`${name}-${suffix}`, mailOf(name)), headers);

const mailed = (name: string) => tokenInMail(api(), mailOf(name), /Confirm/);

describe("fault 4: the API killed after it wrote, before it answered", () => {
  it("the mail is sent all the same, and the same request again gives the same id", async () => {
    const slow = `CREATE FUNCTION registry.hold() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
      CREATE TRIGGER hold BEFORE UPDATE ON registry.idempotency_keys FOR EACH ROW EXECUTE FUNCTION registry.hold()`;
    const key = { "Idempotency-Key": `cut-off-${suffix}`, "X-Forwarded-For": "10.4.4.4" };
    const dying = await api().programs.startApi();
    await run(api().accounts.owner, slow);
    const cutOff = register(dying.url, "cut", key).catch(() => "cut off");
    const written = () =>
      api().registry.asPlatform(async (transaction) =>
        transaction("registrations")
          .where({ contact_email: mailOf("cut") })
          .select<{ id: string }[]>("id"),
      );
    await eventually("the registration is written", async () => (await written()).length === 1);
    await dying.kill();
    expect(await cutOff).toBe("cut off");
    await run(api().accounts.owner, "DROP TRIGGER hold ON registry.idempotency_keys; DROP FUNCTION registry.hold()");
    await mailed("cut");
    const early = await register(api().url, "cut", key);
    expect([early.status, early.body.type]).toEqual([409, "https://polyphony.dev/problems/in-progress"]);
    // A minute later the key's first use is taken for cut off.
    await api().registry.asPlatform((transaction) =>
      transaction.raw(
        "UPDATE idempotency_keys SET created_at = created_at - interval '2 minutes' WHERE status IS NULL",
      ),
    );
    const again = await register(api().url, "cut", key);
    const [row] = await written();
    expect([again.status, again.body["id"]]).toEqual([202, `reg_${row?.id.replaceAll("-", "") ?? ""}`]);
    expect(await written()).toHaveLength(1);
    expect((await register(api().url, "cut", key)).body).toEqual(again.body);
  });

  it("somebody else who asks for the same name is refused as ever", async () => {
    const body = aRegistration(`cut-${suffix}`, mailOf("another"));
    expect((await anApiClient(api().url).send("POST", "/api/registrations", body)).status).toBe(409);
  });
});

describe("fault 24: Redis", () => {
  it("away: registrations are taken, and done within a minute of its return", async () => {
    await api().redis.kill();
    for (const name of ["away1", "away2", "away3"]) expect((await register(api().url, name)).status).toBe(202);
    await api().redis.start();
    const began = performance.now();
    for (const name of ["away1", "away2", "away3"]) await mailed(name);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it("silent, its connections standing: nobody waits for it, and all is done within a minute of its return", async () => {
    // A whole one first, so that every connection is in use.
    await register(api().url, "heard");
    await mailed("heard");
    api().redis.freeze();
    for (const name of ["mute1", "mute2", "mute3"]) expect((await register(api().url, name)).status).toBe(202);
    api().redis.thaw();
    const began = performance.now();
    for (const name of ["mute1", "mute2", "mute3"]) await mailed(name);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it("emptied: what it forgot is done within a minute", async () => {
    await api().mailServer.stop();
    for (const name of ["flush1", "flush2"]) expect((await register(api().url, name)).status).toBe(202);
    await api().redis.flush();
    await api().mailServer.start();
    const began = performance.now();
    for (const name of ["flush1", "flush2"]) await mailed(name);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it("full, and told to forget nothing: registrations are taken, and done once there is room", async () => {
    const redis = new Redis(api().redis.url);
    await redis.config("SET", "maxmemory-policy", "noeviction");
    await redis.config("SET", "maxmemory", "1");
    expect((await register(api().url, "full")).status).toBe(202);
    await redis.config("SET", "maxmemory", "0");
    const began = performance.now();
    await mailed("full");
    expect(performance.now() - began).toBeLessThan(60_000);
    redis.disconnect();
  });
});

/** How many of so many at once were told what. */
const tally = (answers: readonly ApiAnswer[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const atOnce = (times: number, ask: (index: number) => Promise<ApiAnswer>): Promise<ApiAnswer[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => ask(index)));

describe("faults 30, 35: the same thing twenty times at once", () => {
  const umbrella = `race-${suffix}`;

  it("a proof makes one organization", async () => {
    await register(api().url, "proof");
    const token = await mailed("proof");
    const prove = () => anApiClient(api().url).send("POST", `/api/registrations/${token}/proof`);
    expect(tally(await atOnce(20, prove))).toEqual({ 201: 1, 409: 19 });
    const rows = await api().registry.asPlatform((transaction) =>
      transaction("organizations")
        .where({ slug: `proof-${suffix}` })
        .select(),
    );
    expect(rows).toHaveLength(1);
  });

  it("a login link opens one session, and looking at it spends nothing", async () => {
    api().mails.clear();
    const client = anApiClient(api().url);
    await client.send("POST", "/api/login-links", { email: mailOf("proof") });
    const token = await tokenInMail(api(), mailOf("proof"), /Log in/);
    expect(tally(await atOnce(20, () => anApiClient(api().url).get(`/api/login-links/${token}`)))).toEqual({ 200: 20 });
    const spend = () => client.send("POST", `/api/login-links/${token}/session`, {});
    expect(tally(await atOnce(20, spend))).toEqual({ 201: 1, 409: 19 });
  });

  it("an umbrella's link for one brings one of five collectives in", async () => {
    const above = anApiClient(api().url);
    await registerAndProve(api(), above, umbrella, mailOf("above"), { type: "umbrella" });
    const made = await above.send("POST", "/api/affiliation-invitations", { umbrella });
    const token = new URL(String(made.body["link"])).searchParams.get("invitation") ?? "";
    const collectives = await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => {
        const client = anApiClient(api().url);
        const slug = `joins${String(number)}-${suffix}`;
        await registerAndProve(api(), client, slug, mailOf(`joins${String(number)}`));
        return { client, slug };
      }),
    );
    const path = `/api/affiliation-invitations/${token}/acceptance`;
    const answers = await Promise.all(
      collectives.map(({ client, slug }) => client.send("POST", path, { collective: slug })),
    );
    expect(tally(answers)).toEqual({ 200: 1, 404: 4 });
    const { body } = await above.get(`/api/organizations/${umbrella}/affiliations`);
    expect(body["affiliated"]).toHaveLength(1);
  });

  it("closing while the vault is being made closes once, and no Tenant is left or comes back", async () => {
    const slug = `closes-${suffix}`;
    const client = anApiClient(api().url);
    await registerAndProve(api(), client, slug, mailOf("closes"));
    const close = () => client.send("POST", `/api/organizations/${slug}/closing`, { confirm: slug });
    const answers = tally(await atOnce(10, close));
    expect([answers[202], (answers[202] ?? 0) + (answers[404] ?? 0) + (answers[409] ?? 0)]).toEqual([1, 10]);
    const open = () =>
      api().registry.asPlatform((transaction) =>
        transaction("outbox").whereNull("done_at").andWhere({ kind: "publish-tenant" }).select("id"),
      );
    await eventually("all work is done", async () => (await open()).length === 0);
    expect(await api().kube.find(tenantKind, { name: slug })).toBeUndefined();
    const { rows } = await api().registry.asPlatform((transaction) =>
      transaction.raw<{ rows: { count: string }[] }>(
        "SELECT count(*) FROM audit_log a JOIN organizations o ON o.id = a.organization_id WHERE o.slug = ? AND a.action = 'organization.closed'",
        [slug],
      ),
    );
    expect(rows).toEqual([{ count: "1" }]);
  });
});

describe("fault 36: all Tenants are gone from the cluster", () => {
  it("the registry closes nothing, frees no address, and brings each back when staff say so", async () => {
    const staff = await logInStaff(api(), mailOf("staff"));
    const slug = `joins1-${suffix}`;
    await eventually("the Tenant", async () => (await api().kube.find(tenantKind, { name: slug })) !== undefined);
    const openOnes = () =>
      api().registry.asPlatform((transaction) => transaction("organizations").whereNull("closed_at").select("slug"));
    const before = await openOnes();
    await api().removeTenants();
    // Started anew, it finds an empty list.
    await api().worker.kill();
    await register(api().url, "after");
    await mailed("after");
    expect(await openOnes()).toEqual(before);
    expect((await staff.get(`/api/slugs/${slug}`)).body).toMatchObject({ available: false, reason: "taken" });
    expect((await staff.send("POST", `/api/admin/tenants/${slug}/retry`)).status).toBe(202);
    const back = await eventually("the Tenant is back", () => api().kube.find(tenantKind, { name: slug }));
    const owner = await logIn(api(), mailOf("joins1"));
    const { body } = await owner.get(`/api/organizations/${slug}`);
    expect(back.spec.organization.id).toBe(body["id"]);
  });
});
