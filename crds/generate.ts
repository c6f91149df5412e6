import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { customResourceDefinition } from "./crd.ts";
import { definitions } from "./resources.ts";

const target = join(import.meta.dirname, "..", "charts", "polyphony", "crds");
mkdirSync(target, { recursive: true });
for (const definition of definitions) {
  const text = stringify(customResourceDefinition(definition), { lineWidth: 0, aliasDuplicateObjects: false });
  writeFileSync(join(target, `${definition.plural}.yaml`), `# Generated from crds/ by npm run generate.\n${text}`);
}
