import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { Outcome } from "./fake-world.ts";

const folder = join(import.meta.dirname, "..", "golden");

const part = (name: string, text: string): string =>
  text === "" ? "" : `── ${name}\n${text}${text.endsWith("\n") ? "" : "\n"}`;

/** One command line as a person saw it. */
export const shown = (args: readonly string[], { code, out, err }: Outcome): string => {
  const words = args.map((word) => (/^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  return `$ polyphony ${words}\n${part("stderr", err)}${part("stdout", out)}── exit ${code}\n`;
};

/** Compares with the file of that name in cli/golden; UPDATE_GOLDEN=1 writes it. */
export const expectGolden = (name: string, transcript: string): void => {
  const file = join(folder, `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, transcript);
  if (!existsSync(file)) throw new Error(`${file} does not exist: make it with UPDATE_GOLDEN=1 and read it`);
  expect(transcript).toBe(readFileSync(file, "utf8"));
};
