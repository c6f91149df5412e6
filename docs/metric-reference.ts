import type { MetricFamily, Program } from "./metric-families.ts";

const rows = (families: readonly MetricFamily[]): string =>
  families
    .map(({ name, type, labels, help }) => {
      const names = labels.map((label) => `\`${label}\``).join(", ");
      return `| \`${name}\` | ${type} | ${names} | ${help.replace(/\.$/, "")} |`;
    })
    .join("\n");

const section = (title: string, words: string, families: readonly MetricFamily[]): string =>
  `## ${title}\n\n${words}\n\n| metric | type | labels | what it says |\n| --- | --- | --- | --- |\n${rows(families)}`;

/** docs/metrics.md as text. */
export const metricReference = (families: Record<Program, MetricFamily[]>): string =>
  `<!-- Generated from the programs' registries by npm run generate. -->

# Metrics

All in Prometheus' text format at \`/metrics\`. Durations are in seconds, sizes in bytes. A histogram has the series
\`_bucket\`, \`_sum\` and \`_count\`. Names and labels are stable: the chart's alert rules use them. No label ever holds a
path, an address or a person's name.

${section(
  "Operator",
  "Port 9090 of its pods. Of those with a standby only the one that leads has numbers about Tenants, servers and releases; before comparing, take `max` or `sum`. The metrics that Node.js gives of a process (`process_…`, `nodejs_…`) come on top.",
  families.operator,
)}

${section("Gateway", "The internal port of its pods.", families.gateway)}

${section("Control API", "The internal port of its pods. `route` is the route's pattern.", families.api)}

${section(
  "Worker",
  "The internal port of its pods. They say the same of the registry, so take `max`. While its database does not answer, the gauges are missing.",
  families.worker,
)}

${section(
  "Vault",
  "Port 9090 of the choir vault; another application has its own. It is never routed: scrape it from inside the cluster.",
  families.vault,
)}
`;
