import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { vaultDatabaseName, vaultLoginName } from "./names.ts";
import type { Query } from "./pg-link.ts";
import { databaseMarker, loginMarker, observeVaults } from "./pg-observe-vaults.ts";

const rowsOf = (vaultId: string, oid: number) => {
  const [template, golden] = ["choir", "golden_choir"];
  const role = (slot: "a" | "b", at: number) => ({
    kind: "role",
    facts: {
      oid: at,
      name: vaultLoginName(vaultId, slot),
      marker: loginMarker({ vaultId, passwordVersion: 1 }),
      canLogin: slot === "a",
      oddAttributes: [],
      memberOf: ["choir_rw"],
      members: null,
      connectionLimit: 10,
      settings: null,
      sessions: 0,
    },
  });
  const database = {
    oid,
    name: vaultDatabaseName(vaultId),
    owner: "operator",
    mine: true,
    allowConnections: true,
    marker: databaseMarker({ vaultId, template, golden }),
    oddAttributes: [],
    grants: ["choir_owner:CREATE"],
    settings: ["search_path=public"],
    bytes: 8_000_000,
  };
  const intent = { vaultId, template, golden, opened: true, oid, loginOids: [oid + 1, oid + 2], schema: null };
  return [
    { kind: "database", facts: database },
    role("a", oid + 1),
    role("b", oid + 2),
    { kind: "intent", facts: intent },
  ];
};

describe("reading all vaults of a server", () => {
  it("K3: asks one question, however many there are", async () => {
    const ids = Array.from({ length: 5_000 }, () => randomUUID());
    const rows = ids.flatMap((vaultId, at) => rowsOf(vaultId, 10_000 + 10 * at));
    let asked = 0;
    const query = (): Promise<unknown> => {
      asked += 1;
      return Promise.resolve({ rows });
    };
    const found = await observeVaults({ query: query as unknown as Query["query"] });
    expect(asked).toBe(1);
    expect(found.size).toBe(5_000);
    expect(found.get(ids[4_999] ?? "")?.database).toMatchObject({ ours: true, finished: true, oddAttributes: [] });
  });

  it("knows a database by its oid when its mark or its owner was changed, and no other in its place", async () => {
    const vaultId = randomUUID();
    const look = async (changes: object) => {
      const rows = rowsOf(vaultId, 20_000);
      Object.assign(rows[0]?.facts ?? {}, changes);
      const query = () => Promise.resolve({ rows });
      return (await observeVaults({ query: query as unknown as Query["query"] })).get(vaultId)?.database;
    };
    expect(await look({ marker: null })).toMatchObject({ ours: true, finished: true, oddAttributes: ["COMMENT"] });
    expect(await look({ mine: false })).toMatchObject({ ours: true, finished: true, oddAttributes: ["OWNER"] });
    expect(await look({ marker: null, oid: 30_000 })).toMatchObject({ ours: false, finished: false });
    expect(await look({ mine: false, oid: 30_000 })).toMatchObject({ ours: false });
  });
});
