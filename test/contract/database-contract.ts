import { describe, expect, it } from "@jest/globals";
import { runSql } from "./template-databases.ts";
import type { ContractGround, Finished } from "./vault-target.ts";

interface ResultLine {
  id: string;
  ok: boolean;
  from?: number;
  to?: number;
  ms: number;
  error?: string;
}

const listOf = (databases: { id: string; url: string }[]): string =>
  databases.map((line) => `${JSON.stringify(line)}\n`).join("");

const resultsOf = ({ stdout }: Finished): ResultLine[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ResultLine);

/** `migrate` on a list of databases, and what it leaves behind in each. */
export function databaseContract(ground: () => ContractGround): void {
  describe("R3 migrate", () => {
    const version = () => ground().declared.schemaVersion;

    it("brings an empty database to the release's schema, and does nothing the second time", async () => {
      const database = await ground().newDatabase();
      const list = listOf([{ id: "one", url: database.migratorUrl }]);
      const first = await ground().target.migrate(list, "file");
      expect(first).toMatchObject({ exitCode: 0 });
      expect(resultsOf(first)).toEqual([{ id: "one", ok: true, from: 0, to: version(), ms: expect.any(Number) }]);
      const second = await ground().target.migrate(list, "stdin");
      expect(second.exitCode).toBe(0);
      expect(resultsOf(second)).toMatchObject([{ ok: true, from: version(), to: version() }]);
    });

    it("does every database of a list, whichever fail, and ends with 1 if one did", async () => {
      const databases = await Promise.all(Array.from({ length: 10 }, () => ground().newDatabase()));
      const good = databases.map((database) => ({ id: database.name, url: database.migratorUrl }));
      const bad = { id: "bad", url: "postgres://u:hidden-secret@127.0.0.1:9/none" };
      const list = `${listOf([bad, ...good.slice(0, 5)])}this is no JSON\n\n${listOf(good.slice(5))}`;
      const finished = await ground().target.migrate(list, "file");
      const results = resultsOf(finished);
      expect(finished.exitCode).toBe(1);
      expect(
        results
          .filter((line) => line.ok)
          .map((line) => line.id)
          .sort(),
      ).toEqual(good.map(({ id }) => id).sort());
      expect(results.filter((line) => !line.ok)).toHaveLength(2);
      for (const { error } of results.filter((line) => !line.ok)) expect(error).toMatch(/\w{3}/);
      expect(finished.stdout + finished.stderr).not.toContain("hidden-secret");
    });

    it("may run twice at once on one database", async () => {
      const database = await ground().newDatabase();
      const list = listOf(["a", "b", "c"].map((id) => ({ id, url: database.migratorUrl })));
      const runs = await Promise.all([ground().target.migrate(list, "file"), ground().target.migrate(list, "stdin")]);
      for (const run of runs) expect(run).toMatchObject({ exitCode: 0 });
      const froms = runs.flatMap(resultsOf).filter((line) => line.from === 0);
      expect(froms).toHaveLength(1);
    });

    it("gives way to a session that holds a lock, does the others meanwhile, and succeeds when it is gone", async () => {
      const [database, ...others] = await Promise.all(Array.from({ length: 10 }, () => ground().newDatabase()));
      if (!database) throw new Error("there is no database");
      const owner =
        (await runSql<{ name: string }>(database.migratorUrl, "SELECT current_user AS name"))[0]?.name ?? "";
      // A table of the name that the migration makes, locked by somebody: the step waits, gives way and tries again.
      const { Client } = await import("pg");
      const holder = new Client({ connectionString: database.migratorUrl });
      await holder.connect();
      await holder.query("BEGIN");
      await holder.query("CREATE TABLE schema_version (only_row boolean PRIMARY KEY)");
      const urls = [database, ...others].map(({ name, migratorUrl }) => ({ id: name, url: migratorUrl }));
      const blocked = ground().target.migrate(listOf(urls), "file");
      await new Promise((resolve) => setTimeout(resolve, 6500));
      await holder.query("ROLLBACK");
      await holder.end();
      const finished = await blocked;
      expect(finished).toMatchObject({ exitCode: 0 });
      expect(resultsOf(finished).at(-1)).toMatchObject({ id: database.name, ok: true });
      expect(owner).toMatch(/_owner$/);
    });

    it("D1: leaves everything to the template's owner, readable and writable by grants, and nothing to the logins", async () => {
      const database = await ground().newDatabase();
      await ground().target.migrate(listOf([{ id: "x", url: database.migratorUrl }]), "file");
      const owners = await runSql<{ owner: string }>(
        database.adminUrl,
        `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
      );
      expect(owners).toEqual([{ owner: `${database.name}_owner` }]);
      for (const url of [database.rwUrl, database.roUrl]) {
        expect(await runSql(url, "SELECT version FROM schema_version")).toEqual([{ version: version() }]);
        await expect(runSql(url, "CREATE TABLE mine (id int)")).rejects.toThrow(/permission denied/);
        await expect(runSql(url, "ALTER TABLE schema_version ADD mine int")).rejects.toThrow(/must be owner/);
      }
    });

    it("V5: makes the tables that its meters read, with both logins", async () => {
      const database = await ground().newDatabase();
      await ground().target.migrate(listOf([{ id: "x", url: database.migratorUrl }]), "file");
      for (const meter of ground().declared.meters) {
        for (const url of [database.rwUrl, database.roUrl]) {
          const rows = await runSql<{ value: string }>(url, meter.sql);
          expect(rows).toHaveLength(1);
          expect(Number(rows[0]?.value)).toBeGreaterThanOrEqual(0);
        }
      }
    });

    it("V6: makes every table that the template declares writable while read-only", async () => {
      const database = await ground().newDatabase();
      await ground().target.migrate(listOf([{ id: "x", url: database.migratorUrl }]), "file");
      await expect(database.grantWhenReadOnly()).resolves.toBeUndefined();
    });
  });
}
