import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { readRegistryFigures } from "../../control-api/platform/registry-figures.ts";
import type { Tenant } from "../../crds/index.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiBody, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../e2e/support/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const staffMail = `staff-${suffix}@polyphony.example`;

const api = suiteControlApi({ APPROVAL: "staff" });
let staff: ApiClient;

const register = async (
  name: string,
  more: object = {},
): Promise<{ client: ApiClient; slug: string; email: string }> => {
  const [slug, email] = [`${name}-${suffix}`, `${name}-${suffix}@alto.example`];
  const client = anApiClient(api().url);
  await registerAndProve(api(), client, slug, email, more);
  return { client, slug, email };
};

const approve = (slug: string) => staff.send("POST", `/api/admin/organizations/${slug}/approve`);

const tenantOf = (slug: string) => api().kube.find(tenantKind, { name: slug });

const published = async (slug: string, holds: (spec: Tenant["spec"]) => boolean = () => true): Promise<void> => {
  await eventually(`the Tenant ${slug}`, async () => {
    const tenant = await tenantOf(slug);
    return tenant !== undefined && holds(tenant.spec);
  });
};

const operatorSays = (slug: string, phase: "Failed" | "Active", reason: string, message = "") =>
  api().kube.patchStatus(
    tenantKind,
    { name: slug },
    {
      status: {
        phase,
        message,
        conditions: [
          {
            type: "Ready",
            status: phase === "Active" ? "True" : "False",
            reason,
            message,
            lastTransitionTime: new Date().toISOString(),
          },
        ],
      },
    },
  );

const stateOf = async (client: ApiClient, slug: string): Promise<ApiBody> =>
  (await client.get(`/api/organizations/${slug}/provisioning`)).body;

const untilState = (client: ApiClient, slug: string, state: string) =>
  eventually(`${slug} is ${state}`, async () => (await stateOf(client, slug))["state"] === state);

const subjectsTo = (email: string): string[] =>
  api()
    .mails.list(email)
    .map(({ subject }) => subject);

beforeAll(async () => {
  staff = await logInStaff(api(), staffMail);
}, 60_000);

describe("A1: staff create an organization and invite its owner", () => {
  it("holds the address, mails the owner, and needs no approval once they accept", async () => {
    const [slug, email] = [`guest-${suffix}`, `guest-${suffix}@alto.example`];
    const asked = await staff.send("POST", "/api/admin/organizations", aRegistration(slug, email));
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ slug, invitedBy: "Staff" })]);
    expect((await staff.get("/api/admin/registrations")).body.items).toEqual([expect.objectContaining({ slug })]);
    const token = await tokenInMail(api(), email, /ready to begin/);
    const owner = anApiClient(api().url);
    const proven = await owner.send("POST", `/api/registrations/${token}/proof`);
    expect([proven.status, proven.body]).toEqual([201, { organization: slug, approval: "approved" }]);
    await published(slug, ({ owner: { email: of } }) => of === email);
    expect((await staff.get("/api/admin/registrations")).body.items).toEqual([]);
    const { body } = await staff.get("/api/admin/audit?action=registration");
    expect(body.items).toEqual([expect.objectContaining({ action: "registration.prepared", organization: null })]);
  });

  it("can be called off before: the link is dead and the address is free", async () => {
    const [slug, email] = [`nobody-${suffix}`, `nobody-${suffix}@alto.example`];
    const { body } = await staff.send("POST", "/api/admin/organizations", aRegistration(slug, email));
    const token = await tokenInMail(api(), email, /ready to begin/);
    const cancel = () => staff.send("DELETE", `/api/admin/registrations/${body["id"] as string}`);
    expect((await cancel()).status).toBe(204);
    expect((await cancel()).status).toBe(404);
    expect((await anApiClient(api().url).send("POST", `/api/registrations/${token}/proof`)).status).toBe(404);
    expect((await staff.get(`/api/slugs/${slug}`)).body).toMatchObject({ available: true });
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
    const rejected = await staff.send("POST", `/api/admin/organizations/${slug}/reject`, { reason });
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

describe("O5, A1: a vault that fails", () => {
  it("staff are alerted, the customer reads a plain reason, tries again, and it comes up", async () => {
    const { client, slug } = await register("fails");
    await approve(slug);
    await published(slug);
    await operatorSays(slug, "Failed", "DatabaseServerFull", "server pg-1 holds 1000 of 1000 databases");
    await untilState(client, slug, "failed");
    const said = await stateOf(client, slug);
    expect(said["failure"]).toMatchObject({ code: "no-room" });
    expect(JSON.stringify(said)).not.toMatch(/pg-1|DatabaseServerFull/);
    await eventually("staff are alerted", () =>
      Promise.resolve(subjectsTo(staffMail).includes(`The vault of Choir ${slug} has failed: DatabaseServerFull`)),
    );
    // What fails and heals within the hour is told once.
    await operatorSays(slug, "Active", "Ready");
    await untilState(client, slug, "live");
    await operatorSays(slug, "Failed", "DatabaseServerFull");
    await untilState(client, slug, "failed");
    expect((await client.send("POST", `/api/organizations/${slug}/provisioning/retry`)).status).toBe(202);
    await eventually("the operator is asked to try again", async () => {
      const { annotations } = (await api().kube.get(tenantKind, { name: slug })).metadata;
      return annotations?.["polyphony.dev/retry-requested-at"] !== undefined;
    });
    await operatorSays(slug, "Active", "Ready");
    await untilState(client, slug, "live");
    expect(subjectsTo(staffMail).filter((subject) => subject.includes(`Choir ${slug} has failed`))).toHaveLength(1);
    const { body } = await staff.get(`/api/admin/tenants/${slug}/timeline`);
    const items = body.items as readonly { kind: string; what: string; actor: string }[];
    const vault = items.filter(({ kind, what }) => kind === "vault" && ["Failed", "Active"].includes(what));
    expect(vault.map(({ what }) => what)).toEqual(["Active", "Failed", "Active", "Failed"]);
    expect(items).toContainEqual(expect.objectContaining({ what: "vault.retried", actor: "Kari Nordmann" }));
  }, 30_000);
});

describe("A1: the queue", () => {
  const failed = async (query = "") => {
    const { body } = await staff.get(`/api/admin/queue?state=failed${query}`);
    return body.items as readonly { id: string; what: string; reason: string; attempts: number }[];
  };

  const foreignTenant = (name: string) =>
    api().kube.apply(
      tenantKind,
      {
        apiVersion: "polyphony.dev/v1alpha1",
        kind: "Tenant",
        metadata: { name, labels: { "polyphony.dev/instance": api().instance } },
        spec: {
          organization: { id: "org_somebody_else", name: "Somebody else" },
          template: "choir",
          plan: "free",
          owner: { email: "x@else.example", name: "Else" },
        },
      } as unknown as Tenant,
      { fieldManager: "somebody-else" },
    );

  it("shows what was given up and why; staff mend it and try again, and it is done", async () => {
    const { client, slug } = await register("stuck");
    await foreignTenant(slug);
    await approve(slug);
    await untilState(client, slug, "failed");
    expect(await stateOf(client, slug)).toMatchObject({ failure: { code: "address" } });
    await eventually("it is given up", async () => (await failed(`&organization=${slug}`)).length === 1);
    const figures = await api().registry.asPlatform((transaction) => readRegistryFigures(transaction, new Date()));
    expect(figures.work).toContainEqual(expect.objectContaining({ kind: "publish-tenant", dead: 1 }));
    expect(figures.vaults).toContainEqual(expect.objectContaining({ phase: "Failed" }));
    const [row] = await failed(`&organization=${slug}`);
    expect(row).toMatchObject({
      what: "publish-tenant",
      attempts: 1,
      reason: expect.stringContaining("org_somebody_else"),
    });
    const retry = () => staff.send("POST", `/api/admin/queue/${row?.id ?? ""}/retry`);
    expect((await client.send("POST", `/api/admin/queue/${row?.id ?? ""}/retry`)).status).toBe(404);
    await api().kube.delete(tenantKind, { name: slug });
    expect((await retry()).body).toMatchObject({ state: "retrying" });
    await published(slug, ({ organization }) => organization.name === `Choir ${slug}`);
    await eventually("nothing is left", async () => (await failed(`&organization=${slug}`)).length === 0);
    expect((await retry()).status).toBe(404);
  }, 30_000);

  it("holds nothing of an organization that is closed, and leaves the foreign Tenant alone", async () => {
    const { client, slug } = await register("over");
    await foreignTenant(slug);
    await approve(slug);
    await eventually("it is given up", async () => (await failed(`&organization=${slug}`)).length === 1);
    expect((await client.send("POST", `/api/organizations/${slug}/closing`, { confirm: slug })).status).toBe(202);
    await eventually("nothing is left", async () => {
      const { body } = await staff.get("/api/admin/queue?state=failed&limit=100");
      return body.items.every((row) => (row as { organization: { slug: string } }).organization.slug !== slug);
    });
    expect((await tenantOf(slug))?.spec.organization.name).toBe("Somebody else");
  }, 30_000);

  it("is left undone for good when staff say so", async () => {
    const { client, slug } = await register("drop");
    await foreignTenant(slug);
    await approve(slug);
    await untilState(client, slug, "failed");
    await eventually("it is given up", async () => (await failed(`&organization=${slug}`)).length === 1);
    const [row] = await failed(`&organization=${slug}`);
    expect((await staff.send("DELETE", `/api/admin/queue/${row?.id ?? ""}`)).status).toBe(204);
    expect(await failed(`&organization=${slug}`)).toEqual([]);
    const { body } = await staff.get(`/api/admin/audit?action=work.dropped&organization=${slug}`);
    expect(body.items).toHaveLength(1);
  }, 30_000);

  it("holds mails that wait for the mail server, page by page", async () => {
    await api().mailServer.stop();
    for (const name of ["a", "b", "c"])
      await anApiClient(api().url).send(
        "POST",
        "/api/registrations",
        aRegistration(`${name}-${suffix}`, `${name}@x.example`),
      );
    const page = async (cursor = "") => (await staff.get(`/api/admin/queue?state=retrying&limit=2${cursor}`)).body;
    await eventually("all three are tried", async () => (await page())["next"] !== null);
    const first = await page();
    expect(first.items).toContainEqual(expect.objectContaining({ what: "mail/registration", organization: null }));
    const second = await page(`&cursor=${first["next"] as string}`);
    const ids = [...first.items, ...second.items].map((row) => (row as { id: string }).id);
    expect(new Set(ids).size).toBe(3);
    await api().mailServer.start();
    for (const id of ids) expect((await staff.send("POST", `/api/admin/queue/${id}/retry`)).status).toBe(202);
    await eventually("the queue is empty", async () => (await page()).items.length === 0);
  }, 30_000);
});

describe("A1: suspending", () => {
  it("takes the reason to the vault's visitors, and resuming takes it away", async () => {
    const { slug } = await register("pause");
    await approve(slug);
    await published(slug);
    const reason = "The invoice of March is open.";
    const suspended = await staff.send("POST", `/api/admin/tenants/${slug}/suspend`, { reason });
    expect([suspended.status, suspended.body]).toEqual([
      202,
      expect.objectContaining({ activity: "Suspended", activityReason: reason }),
    ]);
    await published(slug, ({ activity, activityReason }) => activity === "Suspended" && activityReason === reason);
    await staff.send("POST", `/api/admin/tenants/${slug}/resume`);
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
    const cancelled = await staff.send("POST", `/api/admin/organizations/${slug}/cancel`, {
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
  }, 30_000);
});
