import { reasons } from "../crds/reasons.ts";
import { metricFamilies } from "./metric-families.ts";
import { readAlertRules, readRunbooks } from "./runbook-folder.ts";
import { runbookProblems } from "./runbook-problems.ts";
import { usedReasons } from "./used-reasons.ts";

const metrics = new Set(Object.values(metricFamilies()).flatMap((families) => families.map(({ name }) => name)));
const problems = runbookProblems({
  reasons,
  runbooks: readRunbooks(),
  rules: readAlertRules(),
  metrics,
  used: usedReasons(),
});
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
