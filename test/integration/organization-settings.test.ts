import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { tenantKind } from "../builders/a-control-api.ts";
import { registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;
const path = `/api/organizations/${slug}`;
const mailOf = (name: string) => `${name}-${suffix}@alto.example`;

const api = suiteControlApi({ MOST_OWNED_ORGANIZATIONS: "2" });
let owner: ApiClient;
let admin: ApiClient;

const join = async (name: string, role: string, to = slug, by = owner): Promise<ApiClient> => {
  await by.send("POST", `/api/organizations/${to}/invitations`, { email: mailOf(name), role });
  const token = await tokenInMail(api(), mailOf(name), /invites you|inviterer deg/);
  const client = anApiClient(api().url);
  await client.send("POST", `/api/invitations/${token}/acceptance`, { name });
  await client.me();
  return client;
};

const idOf = async (name: string): Promise<string> => {
  const { body } = await owner.get(`${path}/members`);
  return (body.items as readonly { id: string; email: string }[]).find(({ email }) => email === mailOf(name))?.id ?? "";
};

beforeAll(async () => {
  owner = anApiClient(api().url);
  await registerAndProve(api(), owner, slug, mailOf("owner"));
  admin = await join("admin", "admin");
});

describe("O12: settings", () => {
  it("change by what was read: a stale ETag is refused, and nothing is changed by it", async () => {
    const before = await admin.get(path);
    const tag = before.headers.get("etag") ?? "";
    const change = {
      legalName: "Alto Ensemble AS",
      timeZone: "Europe/Oslo",
      locale: "nb",
      currency: "NOK",
      category: "Kammerkor",
    };
    const changed = await admin.send("PATCH", path, change, { "If-Match": tag });
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining(change)]);
    expect(changed.headers.get("etag")).not.toBe(tag);
    const stale = await admin.send("PATCH", path, { category: "Choir" }, { "If-Match": tag });
    expect([stale.status, stale.body.type]).toEqual([412, "https://polyphony.dev/problems/version-changed"]);
    expect((await admin.get(path)).body).toMatchObject({ category: "Kammerkor" });
  });

  it("a new name goes on to the vault, and its address stays", async () => {
    await eventually("the Tenant", async () => (await api().kube.find(tenantKind, { name: slug })) !== undefined);
    expect((await admin.send("PATCH", path, { name: "Alto Kammerkor" })).status).toBe(200);
    await eventually("the Tenant has the name", async () => {
      const { spec } = await api().kube.get(tenantKind, { name: slug });
      return spec.organization.name === "Alto Kammerkor";
    });
  });

  it.each([
    { field: "/timeZone", change: { timeZone: "Mars/Olympus" } },
    { field: "/currency", change: { currency: "XXQ" } },
    { field: "/locale", change: { locale: "sv" } },
    { field: "/name", change: { name: "   " } },
    { field: "/contactEmail", change: { contactEmail: "somebody.else@alto.example" } },
  ])("refuses a wrong value at $field", async ({ field, change }) => {
    const refused = await admin.send("PATCH", path, change);
    expect([refused.status, refused.body.errors.map(({ pointer }) => pointer)]).toEqual([422, [field]]);
  });

  it("mails go to a new contact once it is a member's address, which is proven", async () => {
    expect((await admin.send("PATCH", path, { contactEmail: mailOf("admin") })).body).toMatchObject({
      contactEmail: mailOf("admin"),
    });
  });
});

describe("O12, O14: handing an organization over", () => {
  const transfer = (by: ApiClient, to: string, confirm = slug) => by.send("POST", `${path}/transfer`, { to, confirm });

  it("is the owner's, needs the name typed and a member to take it", async () => {
    const id = await idOf("admin");
    expect((await transfer(admin, id)).status).toBe(403);
    expect((await transfer(owner, id, "no")).body.errors[0]?.pointer).toBe("/confirm");
    expect((await transfer(owner, await idOf("owner"))).body.errors[0]?.pointer).toBe("/to");
    expect((await transfer(owner, "per_00000000000000000000000000000000")).status).toBe(404);
  });

  it("goes to nobody who owns as many as one account may, whichever way they become an owner", async () => {
    const rich = await join("rich", "member");
    for (const name of ["one", "two"]) {
      api().mails.clear();
      await registerAndProve(api(), rich, `${name}-${suffix}`, mailOf("rich"));
    }
    const id = await idOf("rich");
    expect((await transfer(owner, id)).body.type).toMatch(/too-many-organizations$/);
    const promoted = await owner.send("PATCH", `${path}/members/${id}`, { role: "owner" });
    expect([promoted.status, promoted.body.type]).toEqual([
      409,
      "https://polyphony.dev/problems/too-many-organizations",
    ]);
    expect((await rich.get(path)).body).toMatchObject({ role: "member" });
  });

  it("makes the member owner and the owner admin, tells both the vault and the new owner, and is audited", async () => {
    const answer = await transfer(owner, await idOf("admin"));
    expect([answer.status, answer.body["role"]]).toEqual([200, "admin"]);
    expect((await admin.get(path)).body).toMatchObject({ role: "owner" });
    await eventually("the Tenant has its new owner", async () => {
      const { spec } = await api().kube.get(tenantKind, { name: slug });
      return spec.owner.email === mailOf("admin");
    });
    await eventually("the mail", () =>
      Promise.resolve(
        api()
          .mails.list(mailOf("admin"))
          .some(({ subject }) => subject === "You own Alto Kammerkor now"),
      ),
    );
    const again = await transfer(owner, await idOf("admin"));
    expect(again.status).toBe(403);
    const actions = await api().registry.asPlatform((transaction) => transaction("audit_log").select("action"));
    expect(actions.filter(({ action }) => action === "organization.transferred")).toHaveLength(1);
  });
});
