import {
  createFakePostgres,
  fakeAccess,
  fakeMigrate,
  fakeMigrateVault,
  type FakeVault,
} from "../../operator/database/fake-postgres.ts";
import { createFakeServers } from "../../operator/database/fake-servers.ts";
import { fakeVaultOf } from "../../operator/database/fake-vaults.ts";
import { vaultDatabaseName, vaultIdOfName } from "../../operator/database/names.ts";
import type { LoginFacts } from "../../operator/database/tenant-database.ts";
import type { ContractServer } from "./tenant-database-kit.ts";

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

/** The contract's server over a pretended PostgreSQL. */
export const openFake = (postgres = createFakePostgres()): Promise<ContractServer> => {
  const vaultOf = (vaultId: string): FakeVault => {
    return fakeVaultOf(postgres, vaultId);
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
    migrateVault(vaultId, schema, _password, receipt) {
      fakeMigrateVault(postgres, vaultDatabaseName(vaultId), schema, receipt);
      return Promise.resolve();
    },
    hideNotes(vaultId) {
      vaultOf(vaultId).rightsMissing = true;
      return Promise.resolve();
    },
    mayWriteNotes: (vaultId) =>
      Promise.resolve({ rw: true, ro: vaultOf(vaultId).writableWhenReadOnly.includes("note") }),
    access(vaultId, slot) {
      const { database, roles } = vaultOf(vaultId);
      const open = database?.allowConnections === true && roles[slot]?.canLogin === true;
      return Promise.resolve(open ? fakeAccess(roles[slot], database.template ?? "") : null);
    },
    strangerMayConnect(name) {
      const candidate = postgres.candidates.get(name);
      if (candidate) return Promise.resolve(candidate.facts.takenBy === null);
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
      if (how === "expires") roles.a?.oddAttributes.push("VALID UNTIL");
      if (how === "somebody owns it") database?.oddAttributes.push("OWNER");
      if (how === "mark is gone") database?.oddAttributes.push("COMMENT");
      if (how === "nobody may connect") database?.oddAttributes.push("CONNECTION LIMIT");
      if (how === "is a template") database?.oddAttributes.push("IS_TEMPLATE");
      if (how === "login's mark is gone" && roles.a) {
        roles.a.oddAttributes.push("COMMENT");
        roles.a.passwordVersion = null;
      }
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
        oddAttributes: [],
        publicPrivileges: ["CONNECT", "TEMPORARY"],
        grants: [],
        settings: [],
        bytes: null,
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
