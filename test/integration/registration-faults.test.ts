import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const count = 100;
const slugs = Array.from({ length: count }, (_, index) => `many${String(index)}-${suffix}`);
const mailOf = (slug: string) => `kari@${slug}.example`;

const api = suiteControlApi();
const mailsTo = (slug: string) => api().mails.list(mailOf(slug));

/** What the operator does, as far as the registry sees it: every Tenant becomes Active. */
const playOperator = async (): Promise<void> => {
  for (const { metadata, status } of await api().tenants()) {
    if (status?.phase === "Active") continue;
    const active = { status: { phase: "Active", url: `http://${metadata.name}.vaults.test` } };
    await api().kube.patchStatus(tenantKind, { name: metadata.name }, active);
  }
};

const allAreLive = async (): Promise<boolean> => {
  await playOperator();
  const rows = await api().registry.asPlatform((transaction) =>
    transaction("vaults").where({ phase: "Active" }).count<{ count: string }[]>(),
  );
  return Number(rows[0]?.count) === count;
};

const register = async (slug: string, index: number): Promise<void> => {
  const client = anApiClient(api().url);
  const from = { "X-Forwarded-For": `10.3.${String(index % 200)}.1`, "Idempotency-Key": slug };
  const asked = await client.send("POST", "/api/registrations", aRegistration(slug, mailOf(slug)), from);
  expect([slug, asked.status]).toEqual([slug, 202]);
  // A worker that was killed with a mail in its hands is waited for two minutes.
  const token = await tokenInMail(api(), mailOf(slug), /Confirm/, { withinMs: 240_000 });
  const proven = await client.send("POST", `/api/registrations/${token}/proof`, undefined, from);
  expect([slug, proven.status]).toEqual([slug, 201]);
};

/** One trouble after the other, all through the registrations. */
const makeTrouble = async (): Promise<void> => {
  await pause(500);
  await api().redis.flush();
  await api().worker.kill();
  await api().mailServer.stop();
  await pause(1_500);
  await api().redis.crash();
  await api().mailServer.start();
  await pause(500);
  await api().worker.kill();
  await api().redis.flush();
};

describe("I1, I3, faults 5, 24 and 30: Redis flushed and killed, the worker killed, the mail server away", () => {
  it("in the middle of a hundred registrations: all become live, none twice", async () => {
    const live = eventually("all vaults are live", allAreLive, { withinMs: 480_000 });
    await Promise.all([...slugs.map(register), makeTrouble(), live]);
    const tenants = await api().tenants();
    expect(tenants.map(({ metadata }) => metadata.name).sort()).toEqual([...slugs].sort());
    expect(new Set(tenants.map(({ spec }) => spec.organization.id)).size).toBe(count);
  }, 600_000);

  it("welcomes each, and whoever got a mail twice has the same link in both", async () => {
    const done = () =>
      Promise.resolve(slugs.every((slug) => mailsTo(slug).some(({ subject }) => subject.includes("is there"))));
    await eventually("all are welcomed", done, { withinMs: 240_000, everyMs: 500 });
    for (const slug of slugs) {
      const proofs = mailsTo(slug).filter(({ subject }) => subject.startsWith("Confirm"));
      const links = proofs.map(({ text }) => /registrations\/\S+/.exec(text)?.[0]);
      expect([slug, new Set(links).size]).toEqual([slug, 1]);
    }
  }, 300_000);

  it("leaves no work undone and an audit log that is whole", async () => {
    const open = () =>
      api().registry.asPlatform((transaction) =>
        transaction("outbox").whereNull("done_at").select("kind", "attempts", "last_error"),
      );
    await eventually("the outbox is empty", async () => (await open()).length === 0, {
      withinMs: 240_000,
      everyMs: 500,
    });
    const { rows } = await api().registry.asPlatform((transaction) =>
      transaction.raw<{ rows: { count: string }[] }>("SELECT count(*) FROM audit_log a WHERE a.hash <> audit_hash(a)"),
    );
    expect(rows).toEqual([{ count: "0" }]);
  }, 300_000);
});
