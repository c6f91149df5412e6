import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { grants } from "./permissions.ts";
import { permissionTemplates } from "./rules.ts";

const target = join(import.meta.dirname, "..", "..", "charts", "polyphony", "templates", "_permissions.tpl");
writeFileSync(target, permissionTemplates(Object.values(grants)));
