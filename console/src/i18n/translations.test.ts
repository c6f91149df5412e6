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

const codeOf = (folder: string): string =>
  globSync(folder === "i18n" ? "**/*.{ts,tsx}" : `${folder}/**/*.{ts,tsx}`, { cwd: source })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(source, file), "utf8"))
    .join("\n");

/** What a folder's code asks for by name, for example `t("save")`. */
const askedIn = (code: string): string[] =>
  [...code.matchAll(/(?:\bt\(\s*|i18nKey=)"([^"]+)"/g)].map(([, key = ""]) => key);

/** Whether some text in the code is this key, or makes it: `vault.state.${state}`. A plural is asked for by its stem. */
const isNamedIn = (code: string): ((key: string) => boolean) => {
  const texts = [...code.matchAll(/["`]((?:[\w./-]|\$\{[^{}]*\})+)["`]/g)].map(([, text = ""]) => text);
  const patterns = [...new Set(texts)].map((text) => {
    const parts = text.split(/\$\{[^{}]*\}/).map((part) => part.replaceAll(".", "\\."));
    return new RegExp(`^${parts.join(".+")}(_zero|_one|_other)?$`);
  });
  return (key) => patterns.some((pattern) => pattern.test(key));
};

describe("the console's words", () => {
  it("are found", () => expect(folders).toContain("i18n"));
  it.each(folders)("of %s are all there in Norwegian and in English", (folder) => {
    expect(keysOf(wordsOf(folder, "nb")).sort()).toEqual(keysOf(wordsOf(folder, "en")).sort());
  });
  it.each(folders)("of %s have the same slots in both languages", (folder) => {
    expect(slots(wordsOf(folder, "nb"))).toEqual(slots(wordsOf(folder, "en")));
  });
  it.each(folders)("that %s asks for by name are there, its own or the common ones", (folder) => {
    const own = folder === "i18n" ? "{app,api,components}" : folder;
    const there = new Set([...keysOf(wordsOf(folder, "en")), ...keysOf(wordsOf("i18n", "en"))]);
    const missing = askedIn(codeOf(own)).filter((key) => !there.has(key) && !there.has(`${key}_other`));
    expect(missing).toEqual([]);
  });
  it.each(folders)("of %s are all asked for", (folder) => {
    const isNamed = isNamedIn(codeOf(folder));
    expect(keysOf(wordsOf(folder, "en")).filter((key) => !isNamed(key))).toEqual([]);
  });
});
