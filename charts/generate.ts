import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsOf, withSettings } from "./readme.ts";
import { valuesSchema } from "./values-schema.ts";

const file = (name: string): string => join(import.meta.dirname, "polyphony", name);
writeFileSync(file("values.schema.json"), await valuesSchema());
const settings = settingsOf(readFileSync(file("values.yaml"), "utf8"));
writeFileSync(file("README.md"), withSettings(readFileSync(file("README.md"), "utf8"), settings));
