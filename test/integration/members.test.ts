import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { tenantKind } from "../builders/a-control-api.ts";
import { logIn, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;
const path = `/api/organizations/${slug}`;
const mailOf = (name: string) => `${name}-${suffix}@alto.example`;

const api = suiteControlApi();
const callers = new Map<string, ApiClient>();
const as = (name: string): ApiClient => callers.get(name) ?? anApiClient(api().url);

const invite = (by: string, name: string, role: string) =>
  as(by).send("POST", `${path}/invitations`, { email: mailOf(name), role });

const accept = async (name: string): Promise<ApiClient> => {
  const token = await tokenInMail(api(), mailOf(name), /invites you/);
  const client = anApiClient(api().url);
  const accepted = await client.send("POST", `/api/invitations/${token}/acceptance`, { name });
  expect([accepted.status, accepted.body]).toEqual([201, { organization: slug }]);
  await client.me();
  callers.set(name, client);
  return client;
};

const idOf = async (name: string): Promise<string> => {
  const { body } = await as("owner").get(`${path}/members`);
  const members = body.items as readonly { id: string; email: string }[];
  return members.find(({ email }) => email === mailOf(name))?.id ?? "";
};

beforeAll(async () => {
  callers.set("owner", anApiClient(api().url));
  await registerAndProve(api(), as("owner"), slug, mailOf("owner"));
  for (const role of ["admin", "member", "viewer"]) {
    expect((await invite("owner", role, role)).status).toBe(201);
    await accept(role);
  }
  callers.set("stranger", anApiClient(api().url));
  await registerAndProve(api(), as("stranger"), `bass-${suffix}`, mailOf("stranger"));
  callers.set("staff", await logInStaff(api(), mailOf("staff")));
});

describe("O2: members", () => {
  it("lists who belongs, with their roles", async () => {
    const { body } = await as("viewer").get(`${path}/members`);
    const members = body.items as readonly { role: string }[];
    expect(members.map(({ role }) => role)).toEqual(["owner", "admin", "member", "viewer"]);
  });

  it("an invitation works once, is not spent by looking, and inviting again closes the old link", async () => {
    await invite("admin", "lise", "member");
    const first = await tokenInMail(api(), mailOf("lise"), /invites you/);
    api().mails.clear();
    await invite("admin", "lise", "viewer");
    const second = await tokenInMail(api(), mailOf("lise"), /invites you/);
    const guest = anApiClient(api().url);
    expect((await guest.get(`/api/invitations/${first}`)).body).toMatchObject({ state: "revoked" });
    expect((await guest.get(`/api/invitations/${second}`)).body).toMatchObject({ state: "open", role: "viewer" });
    expect((await guest.send("POST", `/api/invitations/${first}/acceptance`, { name: "Lise" })).status).toBe(409);
    await accept("lise");
    expect((await guest.send("POST", `/api/invitations/${second}/acceptance`, { name: "Lise" })).status).toBe(409);
    expect((await invite("admin", "lise", "member")).body.type).toMatch(/member-already$/);
  });

  it("a key that was used for one organization answers for no other", async () => {
    const other = `two-${suffix}`;
    await registerAndProve(api(), as("owner"), other, mailOf("owner"));
    const headers = { "Idempotency-Key": `invite-${suffix}` };
    const inviteTo = (name: string) =>
      as("owner").send("POST", `/api/organizations/${name}/invitations`, { email: mailOf("both") }, headers);
    expect((await inviteTo(slug)).status).toBe(201);
    expect((await inviteTo(slug)).status).toBe(201);
    const reused = await inviteTo(other);
    expect([reused.status, reused.body.type]).toEqual([422, "https://polyphony.dev/problems/idempotency-key-reused"]);
  });

  it("owners are made by owners only, and the last one stays", async () => {
    const [owner, admin] = [await idOf("owner"), await idOf("admin")];
    const role = (by: string, id: string, to: string) => as(by).send("PATCH", `${path}/members/${id}`, { role: to });
    expect((await invite("admin", "x", "owner")).status).toBe(403);
    expect((await role("admin", admin, "owner")).status).toBe(403);
    expect((await role("admin", owner, "member")).status).toBe(403);
    expect((await role("owner", owner, "member")).body.type).toMatch(/last-owner$/);
    expect((await as("owner").send("DELETE", `${path}/members/${owner}`)).status).toBe(409);
    expect((await role("owner", admin, "owner")).status).toBe(200);
    // Both at once: one of them stays.
    const both = await Promise.all([role("owner", admin, "admin"), role("admin", owner, "admin")]);
    expect(both.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const { body } = await as("viewer").get(`${path}/members`);
    const owners = (body.items as readonly { role: string; email: string }[]).filter((one) => one.role === "owner");
    expect(owners).toHaveLength(1);
  });

  it("anybody may leave, and is then a stranger", async () => {
    const member = await idOf("member");
    expect((await as("viewer").send("DELETE", `${path}/members/${member}`)).status).toBe(403);
    expect((await as("member").send("DELETE", `${path}/members/${member}`)).status).toBe(204);
    expect((await as("member").get(path)).status).toBe(404);
  });
});

describe("I1: one's own account", () => {
  it("takes a name and a language, and logs out everywhere at once", async () => {
    const here = await logIn(api(), mailOf("viewer"));
    api().mails.clear();
    const there = await logIn(api(), mailOf("viewer"));
    expect((await here.send("PATCH", "/api/me", { name: " Vera ", locale: "nb" })).body).toEqual({
      name: "Vera",
      locale: "nb",
    });
    expect((await here.send("PATCH", "/api/me", { name: "" })).status).toBe(422);
    expect((await there.send("PATCH", "/api/me", { locale: "en" })).body).toEqual({ name: "Vera", locale: "en" });
    expect((await there.me()).body).toMatchObject({ name: "Vera", locale: "en" });
    const { body } = await here.get("/api/me/sessions");
    expect(body.items.length).toBeGreaterThanOrEqual(2);
    expect((await here.send("DELETE", "/api/me/sessions")).status).toBe(204);
    expect([(await here.me()).status, (await there.me()).status]).toEqual([401, 401]);
    expect((await as("owner").me()).status).toBe(200);
  });
});

describe("O12: closing", () => {
  it("needs the name typed, ends the affiliation, deletes the Tenant and keeps the address for a while", async () => {
    const [umbrella, collective] = [`north-${suffix}`, `solo-${suffix}`];
    const [above, below] = [anApiClient(api().url), anApiClient(api().url)];
    await registerAndProve(api(), above, umbrella, mailOf("above"), { type: "umbrella" });
    await registerAndProve(api(), below, collective, mailOf("below"), { umbrella });
    await eventually("the Tenant", async () => (await api().kube.find(tenantKind, { name: collective })) !== undefined);
    const close = (confirm: string) => below.send("POST", `/api/organizations/${collective}/closing`, { confirm });
    expect((await close("no")).status).toBe(422);
    expect((await close(collective)).status).toBe(202);
    expect((await below.get(`/api/organizations/${collective}`)).status).toBe(404);
    await eventually(
      "the Tenant is gone",
      async () => (await api().kube.find(tenantKind, { name: collective })) === undefined,
    );
    const { body } = await above.get(`/api/organizations/${umbrella}/affiliations`);
    expect(body["history"]).toEqual([
      expect.objectContaining({ event: "withdrawn" }),
      expect.objectContaining({ event: "requested" }),
    ]);
    expect((await above.get(`/api/slugs/${collective}`)).body).toMatchObject({ available: false, reason: "taken" });
  });
});
