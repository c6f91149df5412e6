import { describe, expect, it } from "@jest/globals";
import { globSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { problems } from "../../../control-api/contract/problems.ts";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import english from "./en.json" with { type: "json" };
import norwegian from "./nb.json" with { type: "json" };

const contracts = join(import.meta.dirname, "../../../control-api/contract");

/** What stands at the ends of an object's schema, by JSON pointer. */
const pointersIn = ({ properties }: z.core.JSONSchema.BaseSchema, before = ""): string[] =>
  Object.entries(properties ?? {}).flatMap(([name, inner]) => {
    const pointer = `${before}/${name}`;
    return typeof inner === "object" && inner.properties ? pointersIn(inner, pointer) : [pointer];
  });

const bodyOf = (exported: unknown): z.ZodType | undefined =>
  typeof exported === "object" && exported !== null && "path" in exported
    ? (exported as RouteContract).body
    : undefined;

const modules = (await Promise.all(
  globSync("*.ts", { cwd: contracts }).map((file) => import(join(contracts, file))),
)) as Record<string, unknown>[];
const bodies = modules.flatMap((module) => Object.values(module).flatMap((exported) => bodyOf(exported) ?? []));
const schemas = bodies.flatMap((body) => {
  const { $defs = {}, ...schema } = z.toJSONSchema(body, { io: "input" });
  return [schema, ...Object.values($defs)];
});
const pointers = [...new Set(schemas.flatMap((schema) => pointersIn(schema)))];

describe.each([
  ["English", english.problem],
  ["Norwegian", norwegian.problem],
])("%s problems", (_language, { codes, fields }) => {
  it("are told in words for every type of the API, and for an answer that is none of its own", () => {
    expect(Object.keys(codes).sort()).toEqual([...Object.keys(problems), "unreachable", "unreadable"].sort());
  });
  it("are told in words for every field that is sent", () => {
    expect(pointers).toContain("/contact/email");
    expect(Object.keys(fields).sort()).toEqual(pointers.sort());
  });
});
