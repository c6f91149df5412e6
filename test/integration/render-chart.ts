import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { silentProgress } from "../../cluster/machine/progress.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { eventually } from "../harness/eventually.ts";
import type { ApiServer } from "./api-server.ts";
import { collection, goodObjects } from "./good-objects.ts";

/** An object as the chart renders it. */
export type Rendered = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
};

const chart = join(import.meta.dirname, "../../charts/polyphony");

/** The namespace and the release that the suites render the chart for. */
export const home = "polyphony-system";
export const releaseName = "polyphony";

/** What `helm template` makes of the chart with these values (JSON of any depth). */
export async function renderChart(values: object = {}): Promise<Rendered[]> {
  const helm = (await ensureTools(["helm"], silentProgress))("helm");
  const args = ["template", releaseName, chart, "--namespace", home, "--values", "-"];
  const text = await runCommand(helm, args, { input: JSON.stringify(values) });
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Rendered | null)
    .filter((object) => object !== null);
}

const plurals: Record<string, string> = {
  NetworkPolicy: "networkpolicies",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
};
const clusterScoped =
  /^(Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding)$/;

/** Where the API server keeps an object. */
export const pathOf = ({ apiVersion, kind, metadata }: Rendered): string => {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  const namespaced = !clusterScoped.test(kind) && !apiVersion.startsWith("polyphony.dev/");
  return `${group}${namespaced ? `/namespaces/${metadata.namespace ?? home}` : ""}/${plural}/${metadata.name}`;
};

/** Applies objects in order; the namespaces they live in must come first. */
export async function applyAll(api: ApiServer, objects: Rendered[]): Promise<void> {
  for (const object of objects) {
    const answer = await api.apply(pathOf(object), object);
    if (answer.status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${answer.message}`);
  }
}

/** The chart's namespaces, accounts, rights and admission policies, as an installation has them; no workload. */
export async function installAccounts(api: ApiServer): Promise<void> {
  const kinds = /^(Namespace|ServiceAccount|(Cluster)?Role(Binding)?)$/;
  const objects = await renderChart();
  const namespace: Rendered = { apiVersion: "v1", kind: "Namespace", metadata: { name: home } };
  const chosen = objects.filter(
    ({ kind, metadata }) => kinds.test(kind) || metadata.labels?.["app.kubernetes.io/component"] === "admission",
  );
  const first = chosen.filter(({ kind }) => kind === "Namespace");
  await applyAll(api, [namespace, ...first, ...chosen.filter(({ kind }) => kind !== "Namespace")]);
  await untilEnforced(api);
}

/** The API server reads rights and policies a moment after they are stored: the operator's fence and the last policy. */
async function untilEnforced(api: ApiServer): Promise<void> {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "trial" } };
  const as = `system:serviceaccount:${home}:polyphony-operator`;
  await eventually("the operator's fence is enforced", async () => {
    const { message } = await api.call("POST", "/api/v1/namespaces/default/secrets?dryRun=All", { body: secret, as });
    return message.includes("the operator may not");
  });
  const reserved = goodObjects.Tenant();
  reserved.metadata.name = "kube-system";
  await eventually("the reserved slugs are enforced", async () => {
    const { status } = await api.call("POST", `${collection("Tenant")}?dryRun=All`, { body: reserved });
    return status === 403;
  });
}
