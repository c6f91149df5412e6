import { describe, expect, it } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const source = join(import.meta.dirname, "..");
const folders = globSync("**/en.json", { cwd: source }).map((file) => dirname(file));

const keysOf = (words: object, before = ""): string[] =>
  Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? keysOf(value, `${before}${key}.`) : [`${before}${key}`],
  );

const wordsOf = (folder: string, language: string): object =>
  JSON.parse(readFileSync(join(source, folder, `${language}.json`), "utf8")) as object;

const textsOf = (words: object): string[] =>
  Object.values(words).flatMap((value: unknown) =>
    typeof value === "object" && value !== null ? textsOf(value) : [String(value)],
  );

const slots = (words: object): string[] =>
  textsOf(words)
    .flatMap((text) => text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? [])
    .sort();

describe("the console's words", () => {
  it("are found", () => expect(folders).toContain("i18n"));
  it.each(folders)("of %s are all there in Norwegian and in English", (folder) => {
    expect(keysOf(wordsOf(folder, "nb")).sort()).toEqual(keysOf(wordsOf(folder, "en")).sort());
  });
  it.each(folders)("of %s have the same slots in both languages", (folder) => {
    expect(slots(wordsOf(folder, "nb"))).toEqual(slots(wordsOf(folder, "en")));
  });
});
