import { describe, expect, it } from "@jest/globals";
import type { ChainedEntry } from "./audit-repository.ts";
import { exportHead, exportLine } from "./audit-export.ts";

const anEntry = (name: string): ChainedEntry => ({
  organization: { slug: "alto", name: "Alto" },
  number: 7,
  at: "2026-11-21T04:00:00.000Z",
  actor: { kind: "person", id: "per_1", name },
  action: "organization.changed",
  subject: "organization:1",
  detail: { fields: ["name", "locale"] },
  requestId: "request-1",
  chain: "chain-1",
  previousHash: "a",
  hash: "b",
});

describe("A2: the audit log as a file", () => {
  it("has a head and one line per entry in CSV, quoted where it must be", () => {
    expect(exportHead("csv")).toBe(
      "at,organization,number,actor,actor_name,action,subject,detail,request_id,chain,previous_hash,hash\r\n",
    );
    expect(exportLine(anEntry('Kari "K", Nordmann'), "csv")).toBe(
      '2026-11-21T04:00:00.000Z,alto,7,per_1,"Kari ""K"", Nordmann",organization.changed,organization:1,"{""fields"":[""name"",""locale""]}",request-1,chain-1,a,b\r\n',
    );
  });

  it.each(["=1+1", "+47", "-2", "@SUM(A1)"])("gives a spreadsheet no formula to run: %s", (name) => {
    expect(exportLine(anEntry(name), "csv")).toContain(`,'${name},`);
  });

  it("is one object per line in NDJSON, which reads back as it was", () => {
    const line = exportLine(anEntry("=Kari"), "ndjson");
    expect([exportHead("ndjson"), line.endsWith("\n"), JSON.parse(line)]).toEqual(["", true, anEntry("=Kari")]);
  });
});
