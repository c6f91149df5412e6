import { describe, expect, it } from "@jest/globals";
import { readRegistryFigures } from "../../control-api/platform/registry-figures.ts";
import type { Tenant } from "../../crds/index.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
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
    const { body } = await staff().get(`/api/admin/tenants/${slug}/timeline`);
    const items = body.items as readonly { kind: string; what: string; actor: string }[];
    const vault = items.filter(({ kind, what }) => kind === "vault" && ["Failed", "Active"].includes(what));
    expect(vault.map(({ what }) => what)).toEqual(["Active", "Failed", "Active", "Failed"]);
    expect(items).toContainEqual(expect.objectContaining({ what: "vault.retried", actor: "Kari Nordmann" }));
    // A deed and the work that it leaves are of one moment: the deed comes first, so it is told last.
    expect(items.at(-1)).toMatchObject({ kind: "audit", what: "organization.registered" });
  });
});

describe("A1: the queue", () => {
  const failed = async (query = "") => {
    const { body } = await staff().get(`/api/admin/queue?state=failed${query}`);
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
    const retry = () => staff().send("POST", `/api/admin/queue/${row?.id ?? ""}/retry`);
    expect((await client.send("POST", `/api/admin/queue/${row?.id ?? ""}/retry`)).status).toBe(404);
    await api().kube.delete(tenantKind, { name: slug });
    expect((await retry()).body).toMatchObject({ state: "retrying" });
    await published(slug, ({ organization }) => organization.name === `Choir ${slug}`);
    await eventually("nothing is left", async () => (await failed(`&organization=${slug}`)).length === 0);
    expect((await retry()).status).toBe(404);
  });

  it("holds nothing of an organization that is closed, and leaves the foreign Tenant alone", async () => {
    const { client, slug } = await register("over");
    await foreignTenant(slug);
    await approve(slug);
    await eventually("it is given up", async () => (await failed(`&organization=${slug}`)).length === 1);
    expect((await client.send("POST", `/api/organizations/${slug}/closing`, { confirm: slug })).status).toBe(202);
    await eventually("nothing is left", async () => {
      const { body } = await staff().get("/api/admin/queue?state=failed&limit=100");
      return body.items.every((row) => (row as { organization: { slug: string } }).organization.slug !== slug);
    });
    expect((await tenantOf(slug))?.spec.organization.name).toBe("Somebody else");
  });

  it("is left undone for good when staff say so", async () => {
    const { client, slug } = await register("drop");
    await foreignTenant(slug);
    await approve(slug);
    await untilState(client, slug, "failed");
    await eventually("it is given up", async () => (await failed(`&organization=${slug}`)).length === 1);
    const [row] = await failed(`&organization=${slug}`);
    expect((await staff().send("DELETE", `/api/admin/queue/${row?.id ?? ""}`)).status).toBe(204);
    expect(await failed(`&organization=${slug}`)).toEqual([]);
    const { body } = await staff().get(`/api/admin/audit?action=work.dropped&organization=${slug}`);
    expect(body.items).toHaveLength(1);
  });

  it("holds mails that wait for the mail server, page by page", async () => {
    await api().mailServer.stop();
    for (const name of ["a", "b", "c"])
      await anApiClient(api().url).send(
        "POST",
        "/api/registrations",
        aRegistration(`${name}-${suffix}`, `${name}@x.example`),
      );
    const page = async (cursor = "") => (await staff().get(`/api/admin/queue?state=retrying&limit=2${cursor}`)).body;
    await eventually("all three are tried", async () => (await page())["next"] !== null);
    const first = await page();
    expect(first.items).toContainEqual(expect.objectContaining({ what: "mail/registration", organization: null }));
    const second = await page(`&cursor=${first["next"] as string}`);
    const ids = [...first.items, ...second.items].map((row) => (row as { id: string }).id);
    expect(new Set(ids).size).toBe(3);
    await api().mailServer.start();
    for (const id of ids) expect((await staff().send("POST", `/api/admin/queue/${id}/retry`)).status).toBe(202);
    await eventually("the queue is empty", async () => (await page()).items.length === 0);
  });
});
