import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { neededSchemaVersion } from "../vault-template/db/migrations/index.ts";
import { meters } from "../vault-template/meters.ts";
import { settingsOf, withSettings } from "./readme.ts";
import { Values, valuesSchema } from "./values-schema.ts";

const text = (name: string): string => readFileSync(join(import.meta.dirname, "polyphony", name), "utf8");
const values = parse(text("values.yaml")) as unknown;

describe("the chart's references", () => {
  it("README.md has a row for every setting, as values.yaml says", () => {
    const readme = text("README.md");
    expect(withSettings(readme, settingsOf(text("values.yaml")))).toBe(readme);
  });

  it("values.schema.json is as charts/values-schema.ts has it", async () => {
    expect(text("values.schema.json")).toBe(await valuesSchema());
  });

  it("a setting without a comment is named", () => {
    expect(() => settingsOf("# -- Said.\na: 1\nb:\n  c: 2\n")).toThrow("says nothing about b.c");
  });
});

describe("the chart's values", () => {
  it("keep to their own schema, key for key", () => {
    expect(Values.parse(values)).toEqual(values);
  });

  const mistakes: [name: string, spoil: (draft: Record<string, Record<string, unknown>>) => void][] = [
    ["a setting that does not exist", (draft) => Object.assign(draft, { baseDomian: "x" })],
    ["a setting of the gateway that does not exist", (draft) => Object.assign(draft["gateway"] ?? {}, { replica: 3 })],
    ["a digest that is a tag", (draft) => Object.assign(draft["operator"] ?? {}, { image: { digest: "latest" } })],
    ["an address without {slug}", (draft) => Object.assign(draft, { publicUrlTemplate: "https://example.org" })],
    ["a mail server without smtp:", (draft) => Object.assign(draft["mail"] ?? {}, { smtpUrl: "mail.example.org" })],
    ["a peer without ports", (draft) => Object.assign(draft["egress"] ?? {}, { mail: [{ podSelector: {} }] })],
  ];
  it.each(mistakes)("refuse %s", (_, spoil) => {
    const draft = structuredClone(values) as Record<string, Record<string, unknown>>;
    spoil(draft);
    expect(Values.safeParse(draft).success).toBe(false);
  });
});

describe("the choir template", () => {
  const choir = parse(text("files/choir.yaml")) as { meters: unknown; writableWhenReadOnly: string[] };

  it("counts what the vault counts", () => {
    expect(choir.meters).toEqual(meters.map(({ name, unit, sql }) => ({ name, unit, sql })));
  });

  it("names limits for meters that there are", () => {
    const known = new Set(meters.map(({ name }) => name));
    const { plans } = Values.parse(values).template;
    const limited = Object.values(plans).flatMap(({ meterLimits }) => Object.keys(meterLimits ?? {}));
    expect(limited.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(plans).sort()).toEqual(["free", "tier1", "tier2", "trial", "umbrella"]);
  });

  it("leads to the schema version that the vault needs", () => {
    expect(Values.parse(values).template.release.schemaVersion).toBe(neededSchemaVersion);
  });
});
