import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { choosePlans } from "../faults/choose-plans.ts";
import { differences } from "../faults/differences.ts";
import { Plan, planId } from "../faults/plan.ts";
import { apiCall, describeCall } from "../faults/proxies/api-call.ts";
import { createGate, type Written } from "../faults/proxies/gate.ts";
import { createFramer, parseMessage, textMessage } from "../faults/proxies/sql-frames.ts";
import { sqlSummary } from "../faults/proxies/sql-summary.ts";
import { randomSource } from "../faults/random.ts";
import { concerns, createSubject, masked } from "../faults/world/subject.ts";

const message = (type: string, body: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
};

describe("the proxy before PostgreSQL", () => {
  it("cuts a stream into messages wherever it is torn", () => {
    const stream = Buffer.concat([
      message("", "\0\x03\0\0user\0x\0\0"),
      message("P", "name\0SELECT 1\0\0\0"),
      message("Q", "SELECT 2\0"),
    ]);
    for (let at = 1; at < stream.length; at += 1) {
      const cut = createFramer("client");
      const frames = [...cut(stream.subarray(0, at)), ...cut(stream.subarray(at))];
      expect(frames.map(({ type }) => type)).toEqual(["", "P", "Q"]);
      expect(frames[1] && parseMessage(frames[1])).toEqual({ name: "name", sql: "SELECT 1" });
      expect(frames[2] && textMessage(frames[2])).toBe("SELECT 2");
    }
  });

  it.each([
    ["SELECT 1", null],
    ["SELECT 'DROP DATABASE x; GRANT'", null],
    ["BEGIN", null],
    ["COMMIT", "COMMIT"],
    ['CREATE DATABASE "vault_1" TEMPLATE "g"', "CREATE DATABASE"],
    ["GRANT a TO b;\nSELECT pg_terminate_backend(pid) FROM x;\nREVOKE a FROM b", "GRANT, end sessions, REVOKE"],
    [
      "DO $intent$ BEGIN INSERT INTO a VALUES (1); END $intent$; UPDATE polyphony.vault SET x = 1",
      "UPDATE polyphony.vault",
    ],
    ["WITH raised AS (INSERT INTO polyphony.fence AS f VALUES (1)) SELECT 1", "INSERT polyphony.fence"],
    ["COMMENT ON ROLE x IS 'a;b'; COMMENT ON ROLE y IS ''", "COMMENT ON ROLE"],
  ])("says of %j that it does %j", (sql, does) => {
    expect(sqlSummary(sql)).toBe(does);
  });
});

describe("the proxy before the API server", () => {
  const call = (method: string, url: string, contentType = "application/json") =>
    apiCall({ method, url, headers: { "content-type": contentType } } as unknown as IncomingMessage);

  it.each([
    ["GET", "/api/v1/namespaces?watch=true&limit=5", "watch namespaces "],
    ["GET", "/api/v1/namespaces/a", "get namespaces a"],
    ["DELETE", "/api/v1/namespaces/a", "delete namespaces a"],
    ["GET", "/api/v1/namespaces/a/pods", "list pods "],
    ["PUT", "/apis/apps/v1/namespaces/a/deployments/b", "replace deployments b"],
    ["PATCH", "/apis/polyphony.dev/v1alpha1/tenants/a/status", "patch tenants/status a"],
  ])("%s %s is: %s", (method, url, words) => {
    expect(describeCall(call(method, url), "")).toBe(words);
  });

  it("takes the name of what is created from the body, and tells an apply by its type", () => {
    const created = call("POST", "/api/v1/namespaces/a/secrets");
    expect(describeCall(created, '{"metadata":{"name":"vault"}}')).toBe("create secrets vault");
    expect(call("PATCH", "/api/v1/namespaces/a", "application/apply-patch+yaml").verb).toBe("apply");
  });
});

describe("the gate", () => {
  const vaultId = "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11";
  const subject = () => {
    const one = createSubject("t-alto");
    one.vaults.push(vaultId);
    return one;
  };
  const passing = (what: string) => ({ system: "kubernetes" as const, what, text: what });

  it("knows a vault by each way of writing its id, and gives it the same name in every run", () => {
    expect(concerns(subject(), "namespaces/vault-0b0e2a5e6c1d")).toBe(true);
    expect(concerns(subject(), "namespaces/vault-1b0e2a5e6c1d")).toBe(false);
    expect(masked(subject(), `${vaultId} vault_${vaultId.replaceAll("-", "")} t-alto`)).toBe(
      "<vault> vault_<vault> <slug>",
    );
  });

  it("numbers writes of one name, records what is stored, and lets a plan stop one", async () => {
    const gate = createGate();
    gate.focus(subject(), ({ nth }, when) => (nth === 2 && when === "before" ? "cut" : "pass"));
    for (const wanted of ["pass", "cut", "pass"]) {
      const write = passing("apply tenants/status t-alto\n");
      expect(await gate.before({ ...write, what: "patch tenants t-alto" })).toBe(wanted);
    }
    const last = passing("create events t-alto.0123456789abcdef");
    await gate.before(last);
    expect(gate.open()).toBe(3);
    await gate.after(last, { ok: true, tags: [] });
    expect(gate.written).toMatchObject([{ name: "create events <slug>", nth: 1, ok: true }]);
    expect(gate.open()).toBe(2);
  });

  it("keeps what concerns others apart, and tells a status that changed from one that repeats or was refused", async () => {
    const gate = createGate();
    gate.focus(subject());
    const status = (phase: string, bytes: number) => ({
      system: "kubernetes" as const,
      what: "apply tenants/status t-other",
      text: `/tenants/t-other/status\n${JSON.stringify({ status: { phase, database: { bytes } } })}`,
    });
    for (const taken of [status("Active", 1), status("Active", 2), status("Failed", 2)]) {
      await gate.before(taken);
      await gate.after(taken, { ok: true, tags: [] });
    }
    const refused = status("Suspended", 2);
    await gate.before(refused);
    await gate.after(refused, { ok: false, tags: [] });
    expect(gate.others.map(({ changes }) => changes?.length)).toEqual([1, 0, 1]);
  });
});

describe("plans", () => {
  const trace = ["create namespaces <vault>", "sql CREATE DATABASE", "apply tenants/status <slug>"].map(
    (name): Written => ({
      name,
      nth: 1,
      system: name.startsWith("sql") ? "postgres" : "kubernetes",
      atMs: 0,
      ok: true,
      tags: [],
    }),
  );

  it("kill before and after each write of the trace, and are the same for the same seed", () => {
    const plans = choosePlans("create", trace, randomSource(7));
    const kills = plans.filter(({ fault }) => fault.kind === "kill").map(planId);
    expect(kills).toHaveLength(6);
    expect(new Set(kills).size).toBe(6);
    expect(choosePlans("create", trace, randomSource(7))).toEqual(plans);
    expect(plans.map((plan) => Plan.parse(JSON.parse(JSON.stringify(plan))))).toEqual(plans);
  });

  it("see every difference of two ends", () => {
    expect(differences({ a: { b: 1, c: [1] } }, { a: { b: 1, c: [1] } })).toEqual([]);
    expect(differences({ a: { b: 1 }, d: 0 }, { a: { b: 2 } })).toEqual([
      "a › b: 2 instead of 1",
      "d: nothing instead of 0",
    ]);
    expect(differences({ a: [1, 2] }, { a: [1] })).toEqual(["a › 1: nothing instead of 2"]);
  });
});
