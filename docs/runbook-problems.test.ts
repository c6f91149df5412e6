import { describe, expect, it } from "@jest/globals";
import type { ReasonEntry } from "../crds/reasons.ts";
import type { AlertRule } from "./runbook-folder.ts";
import { type Judged, metricsOf, runbookProblems } from "./runbook-problems.ts";

const page = (name: string, more = "") =>
  `# ${name}\n\n## What it means\n\n${more}\n\n## How to look\n\n## What to do\n\n## When to worry\n`;
const entry = (kind: ReasonEntry["kind"]): ReasonEntry => ({ kind, summary: "So.", next: "Do." });
const rule = (alert: string, expr: string): AlertRule => ({
  alert,
  expr,
  labels: { severity: "warning" },
  annotations: { summary: "", description: "", runbook_url: `https://example.org/runbooks/${alert}` },
});

const whole: Judged = {
  reasons: { Ready: entry("good"), HostTaken: entry("action"), PodsStarting: entry("progress") },
  runbooks: new Map([
    ["HostTaken", page("HostTaken", "See PodsStarting, or PolyphonyQueueOld.")],
    ["PodsStarting", page("PodsStarting")],
    ["PolyphonyQueueOld", page("PolyphonyQueueOld")],
  ]),
  rules: [rule("PolyphonyQueueOld", "max(polyphony_queue_age_seconds) > 1")],
  metrics: new Set(["polyphony_queue_age_seconds"]),
  used: [{ at: "a.ts:1", reason: "HostTaken" }],
};

const withPage = (name: string, text: string): Judged => ({
  ...whole,
  runbooks: new Map([...whole.runbooks, [name, text]]),
});

describe("A6: the lint of runbooks", () => {
  it("finds nothing where all fits together", () => {
    expect(runbookProblems(whole)).toEqual([]);
  });

  const cases: [name: string, judged: Judged, words: string][] = [
    [
      "a reason without a runbook",
      { ...whole, reasons: { ...whole.reasons, PlanUnknown: entry("action") } },
      "the reason PlanUnknown has no runbook",
    ],
    [
      "an alert without a runbook",
      { ...whole, rules: [...whole.rules, rule("PolyphonyNoLeader", "vector(1)")] },
      "the alert PolyphonyNoLeader has no runbook",
    ],
    [
      "a reason in code that is not in the catalogue",
      { ...whole, used: [{ at: "operator/a.ts:7", reason: "HostTakn" }] },
      "operator/a.ts:7: the reason HostTakn",
    ],
    ["a runbook without a reason", withPage("Gone", page("Gone")), "Gone.md is for no reason and no alert"],
    ["a runbook for good news", withPage("Ready", page("Ready")), "is good news"],
    ["a runbook with another's heading", withPage("PodsStarting", page("HostTaken")), 'begin with "# PodsStarting"'],
    ["a runbook without a section", withPage("PodsStarting", "# PodsStarting\n\n## What it means\n"), "sections"],
    [
      "a way to a runbook that does not exist",
      withPage("PodsStarting", page("PodsStarting", "See HostTaken and NoSuchReason.")),
      "sends its reader to NoSuchReason",
    ],
    [
      "an alert on a metric that nobody exports",
      { ...whole, rules: [rule("PolyphonyQueueOld", "polyphony_queue_aeg_seconds > 1")] },
      "asks for polyphony_queue_aeg_seconds",
    ],
    [
      "an alert with another's runbook",
      {
        ...whole,
        rules: whole.rules.map((one) => ({
          ...one,
          annotations: { ...one.annotations, runbook_url: "https://x/HostTaken" },
        })),
      },
      "another's runbook_url",
    ],
  ];
  it.each(cases)("finds %s", (_name, judged, words) => {
    expect(runbookProblems(judged)).toEqual([expect.stringContaining(words)]);
  });

  it("takes the series of a histogram for the histogram", () => {
    expect(metricsOf("rate(polyphony_a_seconds_bucket[5m]) / polyphony_a_seconds_count > polyphony_b_total")).toEqual([
      "polyphony_a_seconds",
      "polyphony_a_seconds",
      "polyphony_b_total",
    ]);
  });
});
