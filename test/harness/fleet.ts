import { randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import { goldenName, templateRoles, vaultDatabaseName } from "../../operator/database/names.ts";
import { createPgServers } from "../../operator/database/pg-servers.ts";
import { scramVerifier } from "../../operator/database/scram.ts";
import type { DatabaseServer, DatabaseServers, GoldenSpec } from "../../operator/database/tenant-database.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import type { PostgresServer } from "./postgres.ts";

/** Many vaults' databases on a real server, as the operator makes them, at one schema of the choir's vault. */
export interface Fleet {
  template: string;
  vaultIds: string[];
  databases: string[];
  /** An operator of a newer epoch than all before, connected under the name "main". */
  operator(): Promise<{ servers: DatabaseServers; server: DatabaseServer }>;
  /** The golden template of a release, made by its own `migrate`. */
  makeGolden(
    server: DatabaseServer,
    release: string,
    digest: string,
    migrate: readonly string[],
    schema: number,
  ): Promise<GoldenSpec>;
  close(): Promise<void>;
}

const password = "the-migrators-password";
const clock = { now: () => new Date() };

export const createFleet = (postgres: PostgresServer, template = "choir"): Fleet => {
  const opened: DatabaseServers[] = [];
  let epoch = 0;
  return {
    template,
    vaultIds: [],
    databases: [],
    async operator() {
      epoch += 1;
      const servers = createPgServers({ epoch, instance: "fleet", holder: `operator-${String(epoch)}`, clock });
      opened.push(servers);
      const connection = { url: postgres.operatorUrl, sslMode: "disable" as const, capacity: 10_000 };
      return { servers, server: await servers.connect("main", connection) };
    },
    async makeGolden(server, release, digest, migrate, schemaVersion) {
      const database = goldenName(release, digest);
      const spec = { database, release, template, digest, schemaVersion, writableWhenReadOnly };
      const validUntil = new Date(Date.now() + 3_600_000);
      await server.createGoldenDraft(spec, { verifier: scramVerifier(password), validUntil });
      const url = server.urlFor({ database, user: templateRoles(template).migrator, password });
      const [program = "", ...args] = migrate;
      const done = spawnSync(program, [...args, "migrate"], {
        input: `${JSON.stringify({ id: database, url })}\n`,
        encoding: "utf8",
      });
      if (done.status !== 0) throw new Error(`The migrations of ${release} failed: ${done.stdout}${done.stderr}`);
      await server.finishGolden(spec);
      return spec;
    },
    close: async () => {
      await Promise.all(opened.map((servers) => servers.close()));
    },
  };
};

/** Makes `count` more vaults from a golden template, eight at a time. */
export const addVaults = async (
  fleet: Fleet,
  server: DatabaseServer,
  golden: GoldenSpec,
  count: number,
): Promise<void> => {
  const ids = Array.from({ length: count }, () => randomUUID());
  const left = [...ids];
  const work = async (): Promise<void> => {
    for (let vaultId = left.pop(); vaultId !== undefined; vaultId = left.pop()) {
      await server.converge({
        vaultId,
        template: fleet.template,
        golden: golden.database,
        access: "ReadWrite",
        activeLogin: "a",
        passwordVersion: 1,
        verifier: () => scramVerifier("p"),
        strategy: "FILE_COPY",
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  fleet.vaultIds.push(...ids);
  fleet.databases.push(...ids.map(vaultDatabaseName));
};
