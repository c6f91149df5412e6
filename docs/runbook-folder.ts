import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const folder = join(import.meta.dirname, "runbooks");
const ruleFile = join(import.meta.dirname, "../charts/polyphony/files/alert-rules.yaml");

/** The runbooks by the name of the reason or alert that each is for; the index is none. */
export const readRunbooks = (): Map<string, string> => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
  return new Map(files.sort().map((file) => [file.slice(0, -3), readFileSync(join(folder, file), "utf8")]));
};

const Rule = z.strictObject({
  alert: z.string().regex(/^Polyphony[A-Z][A-Za-z]+$/),
  expr: z.string().min(1),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["warning", "critical"]) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.url() }),
});
export type AlertRule = z.infer<typeof Rule>;

const RuleFile = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule) })),
});

/** Where the chart's alert rules are. */
export const alertRuleFile = ruleFile;

/** The chart's alert rules. @throws ZodError when one lacks its summary, its runbook or its severity */
export const readAlertRules = (): AlertRule[] =>
  RuleFile.parse(parse(readFileSync(ruleFile, "utf8"))).groups.flatMap(({ rules }) => rules);
