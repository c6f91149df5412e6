import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");

const api = suiteControlApi();

const operatorSays = (slug: string, status: Tenant["status"]) =>
  api().kube.patchStatus(tenantKind, { name: slug }, { status });

describe("O1, O5, O6: from registration to a live vault", () => {
  const slug = `alto-${suffix}`;
  const email = `kari-${suffix}@alto.example`;
  const kari = () => anApiClient(api().url);

  it("proves the mail before anything is made, then makes the Tenant, follows it and welcomes the owner", async () => {
    const client = kari();
    const asked = await client.send("POST", "/api/registrations", aRegistration(slug, email));
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ slug, mailSentTo: email });
    const token = await tokenInMail(api(), email, /Confirm/);
    expect(await api().kube.find(tenantKind, { name: slug })).toBeUndefined();

    const looked = await client.get(`/api/registrations/${token}`);
    expect(looked.body).toMatchObject({ slug, state: "open", url: `http://${slug}.vaults.test` });
    expect((await client.get(`/api/registrations/${token}`)).body).toMatchObject({ state: "open" });

    expect((await client.send("POST", `/api/registrations/${token}/proof`)).status).toBe(201);
    const again = await client.send("POST", `/api/registrations/${token}/proof`);
    expect([again.status, again.body.type]).toEqual([409, "https://polyphony.dev/problems/link-spent"]);
    const me = await client.me();
    expect(me.body).toMatchObject({ email, organizations: [{ slug, type: "collective", role: "owner" }] });

    await eventually("the Tenant", async () => (await api().kube.find(tenantKind, { name: slug })) !== undefined);
    const tenant = await api().kube.get(tenantKind, { name: slug });
    expect(tenant.spec).toMatchObject({
      organization: { name: `Choir ${slug}` },
      template: "choir",
      plan: "trial",
      owner: { email, name: "Kari Nordmann" },
    });
    const { metadata } = tenant as KubeObject;
    expect(metadata?.managedFields?.map(({ manager }) => manager)).toContain("polyphony-control-api");

    const told: string[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const event of client.events(`/api/organizations/${slug}/provisioning`, stop.signal)) {
        const { state, steps } = event as { state: string; steps: { name: string; state: string }[] };
        told.push(`${state}: ${steps.find((step) => step.state === "active")?.name ?? "-"}`);
        if (state === "live") stop.abort();
      }
    })().catch(() => undefined);
    await operatorSays(slug, { phase: "Provisioning", progress: { step: 4, of: 9, current: "Database" } });
    await eventually("the step is told", () => Promise.resolve(told.includes("preparing: database")));
    await operatorSays(slug, { phase: "Active", url: `http://${slug}.vaults.test` });
    await following;
    expect(told.at(-1)).toBe("live: -");
    await linkWelcome();
  });

  const linkWelcome = () =>
    eventually("the welcome mail", () =>
      Promise.resolve(
        api()
          .mails.list(email)
          .some(({ subject, text }) => subject.includes("is there") && text.includes(`/oidc/vaults/${slug}`)),
      ),
    );

  it("welcomes once, however often the status is told", async () => {
    await operatorSays(slug, { phase: "Active", message: "again", url: `http://${slug}.vaults.test` });
    await eventually("the registry has seen it", async () => {
      const rows = await api().registry.asPlatform((transaction) =>
        transaction("vaults").where({ tenant: slug }).select("message"),
      );
      return (rows[0] as { message: string }).message === "again";
    });
    expect(
      api()
        .mails.list(email)
        .filter(({ subject }) => subject.includes("is there")),
    ).toHaveLength(1);
  });

  it("keeps an audit trail of it", async () => {
    const rows = await api().registry.asPlatform((transaction) =>
      transaction("audit_log").orderBy("number").select("action"),
    );
    expect(rows).toContainEqual({ action: "organization.registered" });
  });
});

describe("N1, O1: one slug", () => {
  it("asked for by fifty at once goes to one; 49 get 409 with something else to take", async () => {
    const slug = `fifty-${suffix}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        anApiClient(api().url).send(
          "POST",
          "/api/registrations",
          aRegistration(slug, `x${String(index)}-${suffix}@alto.example`),
          {
            "X-Forwarded-For": `10.0.0.${String(index)}`,
          },
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(49);
    expect(refused[0]?.body).toMatchObject({
      type: "https://polyphony.dev/problems/slug-taken",
      errors: [{ pointer: "/slug" }],
    });
    expect(refused[0]?.body.errors[0]?.suggestions.length).toBeGreaterThan(0);
  });

  it.each([
    { wanted: "Ålesund Kor", reason: "syntax" },
    { wanted: "admin", reason: "reserved" },
    { wanted: "kube-system", reason: "reserved" },
    { wanted: `a1to-${suffix}`, reason: "confusable" },
    { wanted: `alto-${suffix}`, reason: "taken" },
  ])("$wanted cannot be had: $reason", async ({ wanted, reason }) => {
    const { status, body } = await anApiClient(api().url).get(`/api/slugs/${encodeURIComponent(wanted)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ available: false, reason });
    expect(body.message).toMatch(/[Cc]hoose|Use/);
    for (const other of body.suggestions) {
      expect((await anApiClient(api().url).get(`/api/slugs/${other}`)).body).toEqual({
        slug: other,
        available: true,
        suggestions: [],
      });
    }
  });
});

describe("I1: login by magic link", () => {
  const email = `lise-${suffix}@bass.example`;

  beforeAll(async () => {
    await registerAndProve(api(), anApiClient(api().url), `bass-${suffix}`, email);
  });

  it("works once, in the browser that asked for it", async () => {
    const client = anApiClient(api().url);
    expect((await client.send("POST", "/api/login-links", { email })).status).toBe(202);
    const token = await tokenInMail(api(), email, /Log in/);
    expect((await client.get(`/api/login-links/${token}`)).body).toEqual({ state: "open", needsCode: false });
    expect((await client.send("POST", `/api/login-links/${token}/session`, {})).status).toBe(201);
    expect((await client.send("POST", `/api/login-links/${token}/session`, {})).status).toBe(409);
    expect((await client.me()).body).toMatchObject({ email });
    const { body } = await client.get("/api/me/sessions");
    expect(body.items).toHaveLength(2);
    expect((await client.send("DELETE", "/api/me/session")).status).toBe(204);
    expect((await client.get("/api/me")).status).toBe(401);
  });

  it("asks another browser for the code, and dies after five wrong ones", async () => {
    const [asking, other] = [anApiClient(api().url), anApiClient(api().url)];
    api().mails.clear();
    const { body } = await asking.send("POST", "/api/login-links", { email });
    const token = await tokenInMail(api(), email, /Log in/);
    expect((await other.get(`/api/login-links/${token}`)).body).toEqual({ state: "open", needsCode: true });
    expect((await other.send("POST", `/api/login-links/${token}/session`, {})).body.type).toMatch(/code-needed$/);
    const wrong = String((Number(body.code) + 1) % 1_000_000).padStart(6, "0");
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await other.send("POST", `/api/login-links/${token}/session`, { code: wrong })).status).toBe(422);
    }
    expect((await other.send("POST", `/api/login-links/${token}/session`, { code: body.code })).status).toBe(409);
    expect((await other.get("/api/me")).status).toBe(401);
  });

  it("answers alike for an address that nobody has, and sends nothing", async () => {
    const stranger = `nobody-${suffix}@bass.example`;
    const known = await anApiClient(api().url).send("POST", "/api/login-links", { email });
    const unknown = await anApiClient(api().url).send("POST", "/api/login-links", { email: stranger });
    expect([unknown.status, Object.keys(unknown.body), unknown.body.message]).toEqual([
      known.status,
      Object.keys(known.body),
      known.body.message,
    ]);
    await tokenInMail(api(), email, /Log in/);
    expect(api().mails.list(stranger)).toEqual([]);
  });
});

describe("A2: who may", () => {
  it("is nobody without a login, and a stranger finds nothing", async () => {
    const slug = `alto-${suffix}`;
    expect((await anApiClient(api().url).get(`/api/organizations/${slug}`)).status).toBe(401);
    const stranger = anApiClient(api().url);
    await registerAndProve(api(), stranger, `tenor-${suffix}`, `per-${suffix}@tenor.example`);
    expect((await stranger.get(`/api/organizations/${slug}`)).status).toBe(404);
    expect((await stranger.get("/api/organizations/not-there")).status).toBe(404);
  });

  it("changes nothing without the token of this login, or from another site", async () => {
    const client = anApiClient(api().url);
    const slug = `sopran-${suffix}`;
    await registerAndProve(api(), client, slug, `anna-${suffix}@sopran.example`);
    const path = `/api/organizations/${slug}`;
    const before = await client.get(path);
    expect(before.headers.get("etag")).toBe('"1"');
    expect((await client.send("PATCH", path, { name: "X" }, { "X-CSRF-Token": "x" })).status).toBe(403);
    expect((await client.send("PATCH", path, { name: "X" }, { Origin: "http://evil.example" })).status).toBe(403);
    const changed = await client.send("PATCH", path, { name: "Sopran & Søn" }, { "If-Match": '"1"' });
    expect([changed.status, changed.body.name, changed.body.version]).toEqual([200, "Sopran & Søn", 2]);
    expect((await client.send("PATCH", path, { name: "Y" }, { "If-Match": '"1"' })).status).toBe(412);
    await eventually("the Tenant is renamed", async () => {
      const tenant = await api().kube.find(tenantKind, { name: slug });
      return tenant?.spec.organization.name === "Sopran & Søn";
    });
  });
});
