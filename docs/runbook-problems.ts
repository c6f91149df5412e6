import type { ReasonEntry } from "../crds/reasons.ts";
import type { AlertRule } from "./runbook-folder.ts";
import type { UsedReason } from "./used-reasons.ts";

/** What is judged together: the catalogue, the runbooks, the alerts, the metrics that there are, and the reasons in code. */
export type Judged = {
  reasons: Readonly<Record<string, ReasonEntry>>;
  runbooks: ReadonlyMap<string, string>;
  rules: readonly AlertRule[];
  metrics: ReadonlySet<string>;
  used: readonly UsedReason[];
};

const sections = ["What it means", "How to look", "What to do", "When to worry"];

const without = (name: string, runbooks: Judged["runbooks"], what: string): string[] =>
  runbooks.has(name) ? [] : [`${what} ${name} has no runbook: write docs/runbooks/${name}.md`];

/** Words in CamelCase that a runbook sends its reader on to: "See KubernetesForbidden". */
const mentioned = (text: string): string[] =>
  [
    ...text.matchAll(
      /\b(?:see|follow|becomes|follow the reason:)((?:[ ,:]+(?:and |or )?[A-Z][a-z]+(?:[A-Z][A-Za-z]+)+)+)/gi,
    ),
  ].flatMap(([, names = ""]) => names.split(/[^A-Za-z]+|\band\b|\bor\b/).filter((word) => /[a-z][A-Z]/.test(word)));

const pageProblems = (name: string, text: string, { reasons, rules }: Judged): string[] => {
  const at = `docs/runbooks/${name}.md`;
  const known = (word: string) => Object.hasOwn(reasons, word) || rules.some(({ alert }) => alert === word);
  const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  return [
    ...(known(name) ? [] : [`${at} is for no reason and no alert: remove it, or add ${name} to crds/reasons.ts`]),
    ...(reasons[name]?.kind === "good" ? [`${at}: ${name} is good news, which needs no runbook: remove it`] : []),
    ...(text.startsWith(`# ${name}\n`) ? [] : [`${at} does not begin with "# ${name}"`]),
    ...(headings.join() === sections.join() ? [] : [`${at} has not the sections ${sections.join(", ")}`]),
    ...mentioned(text).flatMap((word) =>
      known(word) ? [] : [`${at} sends its reader to ${word}, which does not exist`],
    ),
  ];
};

/** The metric names of an expression; a histogram's series are its own name with an ending. */
export const metricsOf = (expr: string): string[] =>
  [...expr.matchAll(/\b(polyphony_[a-z0-9_]+)/g)].map(([, name = ""]) => name.replace(/_(bucket|count|sum)$/, ""));

const ruleProblems = ({ alert, expr, annotations }: AlertRule, { metrics }: Judged): string[] => [
  ...metricsOf(expr).flatMap((name) =>
    metrics.has(name) ? [] : [`the alert ${alert} asks for ${name}, which nobody exports`],
  ),
  ...(annotations.runbook_url.endsWith(`/${alert}`) ? [] : [`the alert ${alert} has another's runbook_url`]),
];

/** What does not fit together, one sentence each; empty when all does. */
export const runbookProblems = (judged: Judged): string[] => {
  const { reasons, runbooks, rules, used } = judged;
  const strange = used.filter(({ reason }) => !Object.hasOwn(reasons, reason));
  const needy = Object.entries(reasons).filter(([, { kind }]) => kind !== "good");
  return [
    ...strange.map(({ at, reason }) => `${at}: the reason ${reason} is not in crds/reasons.ts`),
    ...needy.flatMap(([name]) => without(name, runbooks, "the reason")),
    ...rules.flatMap(({ alert }) => without(alert, runbooks, "the alert")),
    ...[...runbooks].flatMap(([name, text]) => pageProblems(name, text, judged)),
    ...rules.flatMap((rule) => ruleProblems(rule, judged)),
  ];
};
