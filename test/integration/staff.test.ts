import { describe, expect, it } from "@jest/globals";
import { aRegistration, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteStaff } from "./suite-staff.ts";

const {
  suffix,
  staffMail,
  api,
  staff,
  register,
  approve,
  tenantOf,
  published,
  operatorSays,
  stateOf,
  untilState,
  subjectsTo,
} = suiteStaff();

describe("A1: staff create an organization and invite its owner", () => {
  it("holds the address, mails the owner, and needs no approval once they accept", async () => {
    const [slug, email] = [`guest-${suffix}`, `guest-${suffix}@alto.example`];
    const asked = await staff().send("POST", "/api/admin/organizations", aRegistration(slug, email));
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ slug, invitedBy: "Staff" })]);
    expect((await staff().get("/api/admin/registrations")).body.items).toEqual([expect.objectContaining({ slug })]);
    const token = await tokenInMail(api(), email, /ready to begin/);
    const owner = anApiClient(api().url);
    const proven = await owner.send("POST", `/api/registrations/${token}/proof`);
    expect([proven.status, proven.body]).toEqual([201, { organization: slug, approval: "approved" }]);
    await published(slug, ({ owner: { email: of } }) => of === email);
    expect((await staff().get("/api/admin/registrations")).body.items).toEqual([]);
    const { body } = await staff().get("/api/admin/audit?action=registration");
    expect(body.items).toEqual([expect.objectContaining({ action: "registration.prepared", organization: null })]);
  });

  it("can be called off before: the link is dead and the address is free", async () => {
    const [slug, email] = [`nobody-${suffix}`, `nobody-${suffix}@alto.example`];
    const { body } = await staff().send("POST", "/api/admin/organizations", aRegistration(slug, email));
    const token = await tokenInMail(api(), email, /ready to begin/);
    const cancel = () => staff().send("DELETE", `/api/admin/registrations/${body["id"] as string}`);
    expect((await cancel()).status).toBe(204);
    expect((await cancel()).status).toBe(404);
    expect((await anApiClient(api().url).send("POST", `/api/registrations/${token}/proof`)).status).toBe(404);
    expect((await staff().get(`/api/slugs/${slug}`)).body).toMatchObject({ available: true });
  });
});

describe("O5: approval by the platform's staff", () => {
  it("is asked of staff by mail; a rejection tells the owner why, and makes nothing", async () => {
    const { client, slug, email } = await register("wait");
    await untilState(client, slug, "awaiting-approval");
    await eventually("staff are asked", () =>
      Promise.resolve(subjectsTo(staffMail).includes(`Choir ${slug} waits for approval`)),
    );
    const reason = "We serve choirs, and this is a bakery.";
    const rejected = await staff().send("POST", `/api/admin/organizations/${slug}/reject`, { reason });
    expect(rejected.body["approval"]).toBe("rejected");
    await eventually("the owner is told", () =>
      Promise.resolve(
        api()
          .mails.list(email)
          .some(({ text }) => text.includes(reason)),
      ),
    );
    expect(await stateOf(client, slug)).toMatchObject({ state: "rejected" });
    expect(await tenantOf(slug)).toBeUndefined();
  });

  it("goes before an umbrella's invitation, which is approval enough", async () => {
    const above = await register("above", { type: "umbrella" });
    await approve(above.slug);
    const { body } = await above.client.send("POST", "/api/affiliation-invitations", { umbrella: above.slug });
    const invitation = new URL(body["link"] as string).searchParams.get("invitation");
    const { slug } = await register("below", { affiliationInvitation: invitation });
    await published(slug);
  });
});

describe("A1: suspending", () => {
  it("takes the reason to the vault's visitors, and resuming takes it away", async () => {
    const { slug } = await register("pause");
    await approve(slug);
    await published(slug);
    const reason = "The invoice of March is open.";
    const suspended = await staff().send("POST", `/api/admin/tenants/${slug}/suspend`, { reason });
    expect([suspended.status, suspended.body]).toEqual([
      202,
      expect.objectContaining({ activity: "Suspended", activityReason: reason }),
    ]);
    await published(slug, ({ activity, activityReason }) => activity === "Suspended" && activityReason === reason);
    await staff().send("POST", `/api/admin/tenants/${slug}/resume`);
    await published(slug, ({ activity, activityReason }) => activity === "Running" && activityReason === undefined);
  });
});

describe("O5: calling a vault off", () => {
  const cancel = (client: ApiClient, slug: string, confirm = slug) =>
    client.send("POST", `/api/organizations/${slug}/provisioning/cancel`, { confirm });

  it("frees the address at once while nobody has approved it", async () => {
    const { client, slug } = await register("early");
    expect((await cancel(client, slug, "no")).status).toBe(422);
    expect((await cancel(client, slug)).status).toBe(202);
    expect((await client.get(`/api/organizations/${slug}`)).status).toBe(404);
    expect((await client.get(`/api/slugs/${slug}`)).body).toMatchObject({ available: true });
  });

  it("takes the Tenant away when it is being made, and is refused once the vault is live", async () => {
    const { client, slug } = await register("late");
    await approve(slug);
    await published(slug);
    const cancelled = await staff().send("POST", `/api/admin/organizations/${slug}/cancel`, {
      reason: "Registered twice.",
    });
    expect(cancelled.status).toBe(204);
    await eventually("the Tenant is gone", async () => (await tenantOf(slug)) === undefined);
    expect((await client.get(`/api/organizations/${slug}`)).status).toBe(404);
    const live = await register("live");
    await approve(live.slug);
    await published(live.slug);
    await operatorSays(live.slug, "Active", "Ready");
    await untilState(live.client, live.slug, "live");
    const refused = await cancel(live.client, live.slug);
    expect([refused.status, refused.body.type]).toEqual([409, "https://polyphony.dev/problems/vault-live"]);
  });
});
