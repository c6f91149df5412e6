import { type Command, Option } from "commander";
import type { Tenant } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { labels, tenants } from "../names.ts";
import { jsonText } from "../output/print-rows.ts";
import { inMood, styleFor } from "../output/style.ts";
import type { Session } from "../session.ts";
import { findTenant } from "../tenant/find-tenant.ts";
import { type Check, examine, type Patient, ok, type Result } from "./check.ts";
import { controlApiServes, gatewayServes, workerWorks } from "./component-checks.ts";
import { crdsCurrent, crdsThere } from "./crds-current.ts";
import { noOrphans, podsAccepted, serversReady, templatesReady, tenantsWell } from "./fleet-checks.ts";
import { policiesEnforced } from "./network-probe.ts";
import { leaderLeads, operatorRuns, policiesBound, watchesLive } from "./operator-checks.ts";
import { meetingChecks, registryChecks } from "./registry-checks.ts";
import { lookUpRegistry, type RegistryFacts } from "./registry-facts.ts";
import { tenantChecks } from "./tenant-checks.ts";

const cluster: Check = {
  name: "cluster",
  gate: true,
  look: async ({ session }) => {
    const { gitVersion = "" } = JSON.parse(await session.cluster().text("/version")) as { gitVersion?: string };
    return ok(`Kubernetes ${gitVersion} at ${session.cluster().called} answers.`);
  },
};

const operatorChecks = [cluster, crdsThere, crdsCurrent, operatorRuns, leaderLeads, watchesLive];
const fleetChecks = [
  policiesBound,
  templatesReady,
  serversReady,
  gatewayServes,
  controlApiServes,
  workerWorks,
  podsAccepted,
  tenantsWell,
  noOrphans,
  policiesEnforced,
];

const findOperator = async (session: Session): Promise<Patient["operator"]> => {
  const labelSelector = `${labels.name}=polyphony,${labels.component}=operator`;
  const found = await session
    .cluster()
    .kube.list(kinds.deployment, { labelSelector })
    .catch(() => []);
  return found[0];
};

const widest = 24;

const show = ({ terminal }: Session, results: readonly Result[]): void => {
  const style = styleFor(terminal.colour);
  for (const result of results) {
    terminal.out(`${inMood(style, result.state.padEnd(11))}  ${result.check.padEnd(widest)}${result.message}\n`);
    if ("fix" in result) terminal.out(`${"".padEnd(13 + widest)}→ ${result.fix}\n`);
  }
};

type Options = { probeNetwork?: true; output: "table" | "json" };

const isKnown = (registry: RegistryFacts): boolean =>
  registry.known && (registry.organization !== undefined || registry.unproven !== undefined);

type RegistryLook = { slug: string; registry: RegistryFacts; tenant: Tenant | undefined; withCluster: boolean };

const examineRegistry = (patient: Patient, look: RegistryLook): Promise<Result[]> => {
  const { registry, withCluster, ...about } = look;
  if (!registry.known) return Promise.resolve([{ check: "registry", state: "not probed", message: registry.why }]);
  const checks = withCluster ? [...registryChecks, ...meetingChecks] : registryChecks;
  return examine(checks, { ...patient, ...about, registry });
};

const diagnose = async (session: Session, slug: string | undefined, probeNetwork: boolean): Promise<Result[]> => {
  const patient: Patient = { session, operator: await findOperator(session), probeNetwork };
  if (slug === undefined) return examine([...operatorChecks, ...fleetChecks], patient);
  const common = [...operatorChecks, serversReady, gatewayServes, controlApiServes, workerWorks];
  const first = await examine(common, patient);
  const registry = await lookUpRegistry(session, slug);
  const [api, definitions] = first;
  if (api?.state !== "ok" || definitions?.state === "not reached")
    return [...first, ...(await examineRegistry(patient, { slug, registry, tenant: undefined, withCluster: false }))];
  const found = await session.cluster().kube.find(tenants, { name: slug });
  // What neither the registry nor the cluster knows is not there; the error names the one most like it.
  const tenant = found ?? (isKnown(registry) ? undefined : await findTenant(session, slug));
  const before = await examineRegistry(patient, { slug, registry, tenant, withCluster: true });
  return [...first, ...before, ...(tenant ? await examine(tenantChecks, { ...patient, tenant }) : [])];
};

/** `doctor`: the first broken link of an installation or of one tenant, and how to mend it. */
export const addDoctor = (program: Command, session: Session): void => {
  program
    .command("doctor")
    .description(
      "walk through an installation, or from one organization's registration to its vault's address, and name the first broken link",
    )
    .argument("[slug]", "slug of an organization or name of a tenant")
    .addOption(new Option("-o, --output <format>", "how to show it").choices(["table", "json"]).default("table"))
    .option("--probe-network", "find out by two short pods whether the network enforces policies")
    .action(async (slug: string | undefined, { probeNetwork, output }: Options) => {
      const results = await diagnose(session, slug, probeNetwork ?? false);
      const first = results.find(({ state }) => state === "broken");
      if (output === "json")
        session.terminal.out(
          jsonText({ healthy: first === undefined, firstBroken: first?.check ?? null, checks: results }),
        );
      else show(session, results);
      if (!first) return;
      throw new CliError(exitCode.failed, `The first broken link: ${first.check}.`, {
        hints: "fix" in first ? [first.fix] : [],
      });
    });
};
