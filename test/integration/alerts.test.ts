import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { silentProgress } from "../../cluster/machine/progress.ts";
import { tryCommand } from "../../cluster/machine/run-command.ts";
import { alertRuleFile, readAlertRules } from "../../docs/runbook-folder.ts";
import { type AlertCase, alertCases } from "./alert-cases.ts";
import { renderChart } from "./render-chart.ts";

const rules = readAlertRules();
let promtool: string;
let folder: string;

beforeAll(async () => {
  promtool = (await ensureTools(["promtool"], silentProgress))("promtool");
  folder = await mkdtemp(join(tmpdir(), "polyphony-alerts-"));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What promtool must see of an alert that fires: the rule's own words with the summary filled in. */
const expected = (alert: string, { labels, summary }: AlertCase["fires"][number]) => {
  const rule = rules.find((one) => one.alert === alert);
  return {
    exp_labels: { ...labels, ...rule?.labels },
    exp_annotations: { ...rule?.annotations, summary },
  };
};

/** Runs one case in promtool; what it said when the alerts were others than expected, else nothing. */
const complaint = async ({ alert, name, series, at, fires }: AlertCase): Promise<string> => {
  const test = {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: fires.map((one) => expected(alert, one)) }],
  };
  const file = join(folder, "case.yaml");
  await writeFile(file, stringify({ rule_files: [alertRuleFile], evaluation_interval: "1m", tests: [test] }));
  const { code, stdout, stderr } = await tryCommand(promtool, ["test", "rules", file]);
  return code === 0 ? "" : `${stdout}${stderr}`;
};

describe("A6: the alert rules", () => {
  it("are rules that Prometheus reads", async () => {
    const { code, stdout, stderr } = await tryCommand(promtool, ["check", "rules", alertRuleFile]);
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining(`${rules.length} rules found`)]);
  });

  it.each(rules.map(({ alert }) => alert))("%s is tried both firing and quiet", (alert) => {
    const cases = alertCases.filter((one) => one.alert === alert);
    expect(cases.map(({ fires }) => fires.length > 0)).toEqual(expect.arrayContaining([true, false]));
  });

  it.each(
    alertCases.map((one) => [`${one.alert} ${one.fires.length > 0 ? "fires" : "is quiet"}: ${one.name}`, one] as const),
  )("%s", async (_name, one) => {
    expect(await complaint(one)).toBe("");
  });

  it("a case that expects the wrong thing is found out", async () => {
    const [first] = alertCases.filter(({ fires }) => fires.length > 0);
    if (!first) throw new Error("there are no cases");
    expect(await complaint({ ...first, fires: [] })).toContain(first.alert);
  });
});

describe("A6: the chart's alert rules", () => {
  const ours = (objects: Awaited<ReturnType<typeof renderChart>>) =>
    objects.filter(({ metadata }) => metadata.name === "polyphony-alerts");

  it("are off unless they are asked for", async () => {
    expect(ours(await renderChart())).toEqual([]);
  });

  it("are a ConfigMap with the file as it is, but for the runbooks' address", async () => {
    const [map] = ours(
      await renderChart({ alerts: { enabled: true, runbookUrl: "https://wiki.example.org/choirs/" } }),
    );
    const file = await readFile(alertRuleFile, "utf8");
    expect(map).toMatchObject({
      kind: "ConfigMap",
      data: { "polyphony.rules.yaml": file.replaceAll("polyphony.dev/runbooks", "wiki.example.org/choirs") },
    });
  });

  it("are a PrometheusRule with the same groups, found by its labels", async () => {
    const values = { enabled: true, kind: "PrometheusRule", labels: { release: "prometheus" } };
    const [rule] = ours(await renderChart({ alerts: values }));
    expect(rule).toMatchObject({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { namespace: "polyphony-system", labels: { release: "prometheus" } },
      spec: parse(await readFile(alertRuleFile, "utf8")) as object,
    });
  });
});
