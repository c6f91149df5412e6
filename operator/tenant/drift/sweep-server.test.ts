import { describe, expect, it } from "@jest/globals";
import type { Tenant, VaultRelease, VaultTemplate } from "../../../crds/index.ts";
import { aDatabase, aRelease, aTemplate, aTenant, vaultId } from "../../../test/builders/a-world.ts";
import type { VaultDatabaseFacts } from "../../database/tenant-database.ts";
import { vaultSettings, wantedGrants } from "../../database/vault-plan.ts";
import { sweepServer } from "./sweep-server.ts";

type Caches = Parameters<typeof sweepServer>[2];

const cacheOf = <T extends { metadata: { name: string } }>(...objects: T[]) => {
  const all = objects.map((value) => ({ key: value.metadata.name, uid: "", resourceVersion: "", value }));
  return { get: (key: string) => all.find((one) => one.key === key), byIndex: () => all };
};

const running = { name: "choir-1.0.0", version: "1.0.0", digest: aRelease().spec.image.digest, schemaVersion: 1 };

const aVault = (changes: Parameters<typeof aTenant>[0] = {}): Tenant =>
  aTenant({
    ...changes,
    metadata: { annotations: { "polyphony.dev/vault-id": vaultId }, ...changes.metadata },
    status: { release: running, database: { server: "default", name: "vault" }, ...changes.status },
  });

const inSync = (changes: Parameters<typeof aDatabase>[0] = {}): VaultDatabaseFacts => {
  const facts = aDatabase(changes);
  if (facts.database) {
    facts.database.grants = [...wantedGrants(vaultId, "choir"), ...facts.database.grants].sort();
    facts.database.settings = [...vaultSettings];
  }
  return facts;
};

const sweep = (tenant: Tenant, facts: VaultDatabaseFacts | null): string[] => {
  const caches = {
    tenants: cacheOf(tenant),
    templates: cacheOf<VaultTemplate>(aTemplate()),
    releases: cacheOf<VaultRelease>(aRelease()),
  } as unknown as Caches;
  return sweepServer("default", new Map(facts ? [[vaultId, facts]] : []), caches);
};

const slug = "alto-ensemble";

describe("the look over a whole server (K3, fault 32)", () => {
  it("wakes nobody while all is as wanted", () => {
    expect(sweep(aVault(), inSync())).toEqual([]);
  });

  it.each<[string, VaultDatabaseFacts | null]>([
    ["a stranger may connect", inSync({ database: { grants: ["somebody:CONNECT"] } })],
    ["everybody may connect", inSync({ database: { publicPrivileges: ["CONNECT"] } })],
    ["the database is closed", inSync({ database: { allowConnections: false } })],
    ["a login may do more", inSync({ roles: { a: { oddAttributes: ["CREATEDB"] } } })],
    ["a login is read-only that should not be", inSync({ roles: { a: { memberOf: ["choir_ro"] } } })],
    ["a login is gone", inSync({ roles: { b: null } })],
    ["the database belongs to somebody else", inSync({ database: { ours: false } })],
    ["the database is gone", inSync({ database: null, lost: true })],
    ["nothing at all is left", null],
    ["it has grown", inSync({ database: { bytes: 12_345_678 } })],
  ])("wakes the Tenant when %s", (_, facts) => {
    expect(sweep(aVault(), facts)).toEqual([slug]);
  });

  it.each<[string, Tenant]>([
    ["is being deleted", aVault({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
    ["never ran", aVault({ status: { release: null } })],
    ["is replacing its secrets", aVault({ status: { rotation: { database: { startedAt: "2026-01-01T00:00:00Z" } } } })],
  ])("leaves a Tenant that %s to its own reconcile", (_, tenant) => {
    expect(sweep(tenant, inSync({ database: { publicPrivileges: ["CONNECT"] } }))).toEqual([]);
  });

  it("does not wake it again for what it says already", () => {
    const condition = {
      type: "DatabaseReady",
      status: "False" as const,
      reason: "DatabaseLost",
      message: "",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    expect(sweep(aVault({ status: { conditions: [condition] } }), inSync({ database: null, lost: true }))).toEqual([]);
  });

  it("tells a size in two digits, so that small growth wakes nobody", () => {
    const tenant = aVault({ status: { database: { server: "default", name: "vault", bytes: 12_000_000 } } });
    expect(sweep(tenant, inSync({ database: { bytes: 12_345_678 } }))).toEqual([]);
  });
});
