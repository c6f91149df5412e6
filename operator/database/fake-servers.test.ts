import { createFakePostgres, fakeAccess, fakeMigrate, type FakeVault } from "./fake-postgres.ts";
import { createFakeServers } from "./fake-servers.ts";
import { vaultIdOfName } from "./names.ts";
import type { LoginFacts } from "./tenant-database.ts";
import { tenantDatabaseContract } from "../../test/contract/tenant-database-contract.ts";
import type { ContractServer } from "../../test/contract/tenant-database-kit.ts";

const stranger = "somebody";

const foreignLogin = (name: string): LoginFacts => ({
  name,
  ours: false,
  canLogin: false,
  oddAttributes: [],
  memberOf: [],
  members: [],
  connectionLimit: -1,
  settings: [],
  passwordVersion: null,
  sessions: 0,
});

const openFake = (): Promise<ContractServer> => {
  const postgres = createFakePostgres();
  const vaultOf = (vaultId: string): FakeVault => {
    const vault = postgres.vaults.get(vaultId) ?? { database: null, roles: { a: null, b: null }, intent: null };
    postgres.vaults.set(vaultId, vault);
    return vault;
  };
  return Promise.resolve({
    async start({ capacity = 1000, ...options } = {}) {
      const clock = { now: () => new Date() };
      const servers = createFakeServers({ clock, postgresAt: () => postgres, ...options });
      const url = "postgres://operator:secret@database.example:5432/postgres";
      return { servers, server: await servers.connect("main", { url, sslMode: "disable", capacity }) };
    },
    migrate(spec) {
      fakeMigrate(postgres, spec.database);
      return Promise.resolve();
    },
    access(vaultId, slot) {
      const { database, roles } = vaultOf(vaultId);
      const open = database?.allowConnections === true && roles[slot]?.canLogin === true;
      return Promise.resolve(open ? fakeAccess(roles[slot], database.template ?? "") : null);
    },
    strangerMayConnect(name) {
      const database = postgres.vaults.get(vaultIdOfName(name) ?? "")?.database;
      const granted =
        (database?.publicPrivileges.length ?? 0) > 0 || database?.grants.some((g) => g.startsWith(stranger));
      return Promise.resolve(database?.allowConnections === true && granted === true);
    },
    tamper(vaultId, how) {
      const { database, roles } = vaultOf(vaultId);
      if (how === "public may connect") database?.publicPrivileges.push("CONNECT");
      if (how === "stranger may connect") database?.grants.push(`${stranger}:CONNECT`);
      if (how === "wrong group") roles.a?.memberOf.push("pg_read_all_data");
      if (how === "own settings") roles.a?.settings.push("search_path=evil");
      if (how === "may create databases") roles.a?.oddAttributes.push("CREATEDB");
      return Promise.resolve();
    },
    dropByHand(vaultId) {
      vaultOf(vaultId).database = null;
      return Promise.resolve();
    },
    foreignDatabase(name) {
      vaultOf(vaultIdOfName(name) ?? "").database = {
        name,
        owner: stranger,
        ours: false,
        finished: false,
        golden: null,
        template: null,
        allowConnections: true,
        publicPrivileges: ["CONNECT", "TEMPORARY"],
        grants: [],
        settings: [],
      };
      return Promise.resolve();
    },
    foreignRole(name) {
      vaultOf(vaultIdOfName(name) ?? "").roles[name.endsWith("_a") ? "a" : "b"] = foreignLogin(name);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  });
};

tenantDatabaseContract("The fake", openFake);
