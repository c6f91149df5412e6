import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const [umbrella, other, collective] = [`nordic-${suffix}`, `baltic-${suffix}`, `tenor-${suffix}`];
const mailOf = (slug: string) => `owner@${slug}.example`;

// Nothing is published to the cluster: staff must approve, but for what an umbrella invites.
const api = suiteControlApi({ APPROVAL: "staff" });
let staff: ApiClient;
const clients = new Map<string, ApiClient>();
const as = (slug: string): ApiClient => clients.get(slug) ?? anApiClient(api().url);

const join = async (slug: string, more: object): Promise<void> => {
  const client = anApiClient(api().url);
  clients.set(slug, client);
  expect((await registerAndProve(api(), client, slug, mailOf(slug), more)).status).toBe(201);
};

beforeAll(async () => {
  staff = await logInStaff(api(), `staff-${suffix}@platform.example`);
  await join(umbrella, { type: "umbrella", name: "Nordic Choirs" });
  await join(other, { type: "umbrella", name: "Baltic Choirs" });
});

const stateOf = async (slug: string) =>
  (await as(slug).get(`/api/organizations/${slug}/affiliations`)).body as unknown as {
    affiliated: { with: { slug: string } }[];
    requests: { id: string; status: string }[];
    history: { event: string; with: { slug: string } }[];
  };

const mailed = (slug: string, subject: string) =>
  eventually(`a mail "${subject}" to ${slug}`, () =>
    Promise.resolve(
      api()
        .mails.list(mailOf(slug))
        .some((mail) => mail.subject.includes(subject)),
    ),
  );

describe("O3, O4: affiliation", () => {
  it("is asked for with the registration, mailed to the umbrella, approved, and mailed back", async () => {
    await join(collective, { umbrella });
    await mailed(umbrella, `asks to join Nordic Choirs`);
    const [request] = (await stateOf(umbrella)).requests;
    expect(request?.status).toBe("pending");
    const path = `/api/affiliation-requests/${request?.id ?? ""}`;
    expect((await as(collective).send("POST", `${path}/approve`, {})).status).toBe(404);
    expect((await as(other).send("POST", `${path}/approve`, {})).status).toBe(404);
    const approved = await as(umbrella).send("POST", `${path}/approve`, { response: "Welcome!" });
    expect([approved.status, approved.body["status"], approved.body["response"]]).toEqual([
      200,
      "approved",
      "Welcome!",
    ]);
    await mailed(collective, "now belongs to Nordic Choirs");
    expect((await as(umbrella).send("POST", `${path}/reject`, {})).status).toBe(409);
    expect((await stateOf(collective)).affiliated.map((one) => one.with.slug)).toEqual([umbrella]);
  });

  it("may be with several umbrellas, is rejected, withdrawn and asked for again", async () => {
    const ask = () =>
      as(collective).send("POST", "/api/affiliation-requests", { collective, umbrella: other, message: "Hello" });
    const first = await ask();
    expect(first.status).toBe(201);
    expect((await ask()).status).toBe(409);
    const path = (answer: typeof first) => `/api/affiliation-requests/${String(answer.body["id"])}`;
    expect((await as(other).send("POST", `${path(first)}/reject`, {})).status).toBe(200);
    const second = await ask();
    expect((await as(collective).send("POST", `${path(second)}/withdraw`, {})).status).toBe(200);
    const third = await ask();
    expect((await as(other).send("POST", `${path(third)}/approve`, {})).status).toBe(200);
    expect((await stateOf(collective)).affiliated.map((one) => one.with.slug).sort()).toEqual([other, umbrella].sort());
    expect((await stateOf(other)).history.map(({ event }) => event)).toEqual([
      ...["approved", "requested", "withdrawn", "requested", "rejected", "requested"],
    ]);
  });

  it("accepted twice at once happens once (fault 35)", async () => {
    const slug = `bass-${suffix}`;
    await join(slug, { umbrella });
    const waiting = (await stateOf(umbrella)).requests.find(({ status }) => status === "pending");
    const path = `/api/affiliation-requests/${waiting?.id ?? ""}/approve`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => as(umbrella).send("POST", path, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    expect((await stateOf(slug)).history.map(({ event }) => event)).toEqual(["approved", "requested"]);
  });

  it("ends with the other one's name typed, from either side", async () => {
    const end = (slug: string, from: string, confirm: string) =>
      as(slug).send("POST", `/api/organizations/${slug}/affiliations/${from}/end`, { confirm });
    expect((await end(collective, other, "x")).status).toBe(422);
    expect((await end(collective, other, other)).status).toBe(204);
    expect((await end(collective, other, other)).status).toBe(409);
    await mailed(other, "has left Baltic Choirs");
    expect((await end(umbrella, collective, collective)).status).toBe(204);
    await mailed(collective, "has removed");
    expect((await stateOf(collective)).affiliated).toEqual([]);
  });

  it("umbrellas do not affiliate", async () => {
    const answer = await as(umbrella).send("POST", "/api/affiliation-requests", {
      collective: umbrella,
      umbrella: other,
    });
    expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([422, "/collective"]);
  });
});

describe("O3, O5: an umbrella's invitation link", () => {
  const invite = (more: object = {}) =>
    as(umbrella).send("POST", "/api/affiliation-invitations", { umbrella, ...more });
  const tokenOf = (link: unknown) => new URL(String(link)).searchParams.get("invitation") ?? "";

  it("brings a new collective in, affiliated and approved at once; once only", async () => {
    const made = await invite();
    expect(made.status).toBe(201);
    const token = tokenOf(made.body["link"]);
    const umbrellaOf = () => anApiClient(api().url).get(`/api/affiliation-invitations/${token}/umbrella`);
    expect((await umbrellaOf()).body).toEqual({ slug: umbrella, name: "Nordic Choirs" });
    const [first, second] = [`alt-${suffix}`, `sop-${suffix}`];
    const client = anApiClient(api().url);
    clients.set(first, client);
    const proven = await registerAndProve(api(), client, first, mailOf(first), { affiliationInvitation: token });
    expect(proven.body["approval"]).toBe("approved");
    expect((await stateOf(first)).affiliated.map((one) => one.with.slug)).toEqual([umbrella]);
    const late = await registerAndProve(api(), anApiClient(api().url), second, mailOf(second), {
      affiliationInvitation: token,
    });
    expect(late.body["approval"]).toBe("pending");
    expect((await umbrellaOf()).status).toBe(404);
  });

  it("many times when it says so, by collectives that are here already, until it is closed", async () => {
    const made = await invite({ mostUses: null, label: "Spring" });
    const path = `/api/affiliation-invitations/${tokenOf(made.body["link"])}/acceptance`;
    expect((await as(collective).send("POST", path, { collective })).status).toBe(200);
    expect((await as(collective).send("POST", path, { collective })).status).toBe(409);
    expect((await as(umbrella).send("DELETE", `/api/affiliation-invitations/${String(made.body["id"])}`)).status).toBe(
      204,
    );
    expect((await as(`bass-${suffix}`).send("POST", path, { collective: `bass-${suffix}` })).status).toBe(404);
  });
});

describe("A1, A2: the platform's staff", () => {
  it("see all, page by page, and find by name", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await staff.get(`/api/admin/tenants?limit=2${cursor}`);
      const page = body as unknown as { items: { organization: { slug: string } }[]; next: string | null };
      seen.push(...page.items.map(({ organization }) => organization.slug));
      cursor = page.next === null ? "" : `&cursor=${page.next}`;
    } while (cursor !== "");
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([umbrella, other, collective]));
    const { body } = await staff.get("/api/admin/tenants?search=BALTIC");
    expect(body.items).toHaveLength(1);
    expect((await staff.get("/api/admin/tenants?cursor=zzz")).status).toBe(400);
    expect((await staff.get("/api/admin/tenants?limit=0")).status).toBe(400);
  });

  it("approve what waits, once; nobody else finds the place", async () => {
    const path = `/api/admin/organizations/${umbrella}/approve`;
    expect((await as(umbrella).send("POST", path)).status).toBe(404);
    expect((await staff.send("POST", path)).body["approval"]).toBe("approved");
    expect((await staff.send("POST", path)).status).toBe(409);
    const { body } = await staff.get(`/api/admin/tenants/${umbrella}/timeline`);
    expect(body.items).toContainEqual(expect.objectContaining({ what: "organization.approved" }));
  });

  it("find a changed audit entry, which no account of the API can make", async () => {
    const whole = await staff.get("/api/admin/audit/verification");
    expect(whole.body).toMatchObject({ whole: true, broken: [] });
    const change = () =>
      api().registry.asPlatform((transaction) => transaction("audit_log").update({ actor: "nobody" }));
    await expect(change()).rejects.toMatchObject({ code: "42501" });
    await expect(api().registry.asPlatform((transaction) => transaction("audit_log").delete())).rejects.toMatchObject({
      code: "42501",
    });
  });
});
