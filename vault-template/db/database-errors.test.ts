import { describe, expect, it } from "@jest/globals";
import { databaseTrouble } from "./database-errors.ts";

const withCode = (code: string, message = "x") => Object.assign(new Error(message), { code });

describe("V6: databaseTrouble", () => {
  it.each([
    ["a refused connection", withCode("ECONNREFUSED"), "away"],
    ["a shutdown", withCode("57P01"), "away"],
    ["a rotated password", withCode("28P01"), "away"],
    ["too many connections", withCode("53300"), "away"],
    ["a database that takes no connections", withCode("55000"), "away"],
    [
      "a pool without a connection",
      new Error("Knex: Timeout acquiring a connection. The pool is probably full."),
      "away",
    ],
    ["a connection lost in the middle", new Error("Connection terminated unexpectedly"), "away"],
    ["both addresses of a host refused", new AggregateError([withCode("ECONNREFUSED")], ""), "away"],
    ["a cause below", new Error("x", { cause: withCode("ETIMEDOUT") }), "away"],
    ["a missing right", withCode("42501"), "read-only"],
    ["a read-only transaction", withCode("25006"), "read-only"],
    ["a missing table", withCode("42P01"), "not-migrated"],
    ["a duplicate", withCode("23505"), "duplicate"],
    ["a wrong statement", withCode("42601"), null],
    ["no error at all", "text", null],
  ])("tells %s", (_name, error, trouble) => expect(databaseTrouble(error)).toBe(trouble));
});
