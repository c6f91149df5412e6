import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { routes } from "../control-api/routes.ts";
import { reasons } from "../crds/reasons.ts";
import { apiReference } from "./api-reference.ts";
import { metricFamilies } from "./metric-families.ts";
import { metricReference } from "./metric-reference.ts";
import { readAlertRules, readRunbooks } from "./runbook-folder.ts";
import { runbookIndex } from "./runbook-index.ts";

const here = import.meta.dirname;
writeFileSync(join(here, "runbooks", "README.md"), runbookIndex(reasons, readAlertRules()));
writeFileSync(join(here, "metrics.md"), metricReference(metricFamilies()));
const contracts = routes.map(({ contract }) => contract);
writeFileSync(join(here, "api.md"), await format(apiReference(contracts), { parser: "markdown", printWidth: 120 }));

const module = `// Generated from docs/runbooks by npm run generate.

/** The runbooks by reason or alert, as Markdown. */
export const runbooks: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(readRunbooks()))};
`;
writeFileSync(
  join(here, "..", "cli", "runbooks.generated.ts"),
  await format(module, { parser: "typescript", printWidth: 120 }),
);
