import type { ReasonEntry, ReasonKind } from "../crds/reasons.ts";
import type { AlertRule } from "./runbook-folder.ts";

const chapters: Record<ReasonKind, [title: string, words: string]> = {
  action: [
    "A person is needed",
    "The operator cannot help itself here. It looks again every ten minutes, and at once when the object changes.",
  ],
  retrying: [
    "Tried again until it passes",
    "Something outside of Polyphony is in the way. The operator goes on by itself when it is gone.",
  ],
  progress: ["Under way", "Nothing to do but wait, unless it takes longer than the runbook says."],
  chosen: ["As somebody asked", "It is so because the object says so."],
  good: ["All is well", "What conditions say when they hold. There is nothing to look up."],
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const chapter = (kind: ReasonKind, reasons: Readonly<Record<string, ReasonEntry>>): string => {
  const [title, words] = chapters[kind];
  const entries = Object.entries(reasons).filter(([, entry]) => entry.kind === kind);
  const rows = entries.map(([name, { summary, next }]) =>
    kind === "good" ? [`\`${name}\``, summary] : [`[${name}](${name}.md)`, summary, next],
  );
  const head = kind === "good" ? ["reason", "what it says"] : ["reason", "what it says", "next step"];
  return `## ${title}\n\n${words}\n\n${table(
    head,
    rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  )}`;
};

const alerts = (rules: readonly AlertRule[]): string =>
  table(
    ["alert", "severity", "after", "what is so"],
    rules.map(({ alert, labels, for: after, annotations }) => [
      `[${alert}](${alert}.md)`,
      labels.severity,
      after ?? "at once",
      annotations.description,
    ]),
  );

/** docs/runbooks/README.md as text. */
export const runbookIndex = (reasons: Readonly<Record<string, ReasonEntry>>, rules: readonly AlertRule[]): string =>
  `<!-- Generated from crds/reasons.ts and the alert rules by npm run generate. -->

# Runbooks

One page for each reason that a condition, an Event or an outcome of the operator can have, and for each alert.
\`polyphony explain <reason>\` prints the same. \`<slug>\` stands for a Tenant's name; \`$ADMIN_URL\` is the URL of the
database server's administrator.

## Alerts

The chart brings them: \`alerts.enabled\`, \`alerts.kind\`.

${alerts(rules)}

${(Object.keys(chapters) as ReasonKind[]).map((kind) => chapter(kind, reasons)).join("\n\n")}
`;
