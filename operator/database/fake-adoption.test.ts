import { adoptionContract } from "../../test/contract/adoption-contract.ts";
import type { Candidates, CandidateKind } from "../../test/contract/adoption-candidates.ts";
import { openFake } from "../../test/contract/open-fake-server.ts";
import { createFakePostgres, type FakeCandidate, type FakePostgres } from "./fake-postgres.ts";
import { vaultIdOfName } from "./names.ts";

/** What is the matter with a database, as the catalogs would show it. */
const matters: Partial<Record<CandidateKind, (one: FakeCandidate) => void>> = {
  "older schema": ({ contents }) => (contents.schema = { version: 3, oldestSupported: 3 }),
  "no schema version": ({ contents }) => (contents.schema = null),
  "other tables": ({ contents }) => (contents.tables = ["member"]),
  "other encoding": ({ facts }) => (facts.encoding = "LATIN1"),
  "of the administrator": ({ facts }) => (facts.mayOwn = false),
  "with foreign objects": ({ contents }) => (contents.strangers = ["postgres"]),
  "with a schema": ({ contents }) => (contents.unwanted = ["schema more"]),
  "with a definer": ({ contents }) => (contents.unwanted = ["function f() (SECURITY DEFINER)"]),
};

const aCandidate = (name: string): FakeCandidate => ({
  facts: {
    name,
    owner: "old_application",
    encoding: "UTF8",
    reserved: false,
    takenBy: null,
    mayOwn: true,
    mayConnect: true,
    sessions: [],
  },
  contents: {
    schema: { version: 7, oldestSupported: 7 },
    tables: ["member", "schema_version", "sign_in"],
    unwanted: [],
    strangers: [],
  },
  adopted: false,
});

const fakeCandidates = (postgres: FakePostgres): Candidates => {
  for (const name of ["postgres", "template1"]) {
    const one = aCandidate(name);
    one.facts.reserved = true;
    postgres.candidates.set(name, one);
  }
  return {
    candidate(name, how = "fits") {
      const one = aCandidate(name);
      matters[how]?.(one);
      postgres.candidates.set(name, one);
      return Promise.resolve();
    },
    digest(database) {
      const vaultId = vaultIdOfName(database);
      const found = [...postgres.candidates].find(
        ([name, { facts }]) => name === database || (vaultId !== null && facts.takenBy === vaultId),
      );
      return Promise.resolve(`the rows of ${found?.[0] ?? "nothing"}`);
    },
    occupy(database) {
      const facts = postgres.candidates.get(database)?.facts;
      facts?.sessions.push("old_application");
      return Promise.resolve({
        stillWorks: () =>
          facts?.sessions.length ? Promise.resolve() : Promise.reject(new Error("the session was ended")),
        end: () => {
          facts?.sessions.pop();
          return Promise.resolve();
        },
      });
    },
  };
};

adoptionContract("The fake", async () => {
  const postgres = createFakePostgres();
  return { ...(await openFake(postgres)), ...fakeCandidates(postgres) };
});
