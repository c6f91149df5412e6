import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { clusterEnvironment } from "../../cluster/env.ts";
import { silentProgress } from "../../cluster/machine/progress.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { stateFiles } from "../../cluster/state.ts";
import { firstAdmin } from "../../demo/chart-values.ts";
import { localHttp } from "../../demo/local-http.ts";
import { runSql } from "./support/admin-database.ts";
import { eventually } from "../harness/eventually.ts";

const namespace = "polyphony-system";
const chart = join(import.meta.dirname, "../../charts/polyphony");
const env = { KUBECONFIG: stateFiles.kubeconfig };
const vault = { slug: "alto-ensemble", url: "http://alto-ensemble.polyphony.localhost:8080", name: "Alto Ensemble" };

const kubectl = async (...args: string[]): Promise<string> =>
  (await runCommand(stateFiles.kubectl, ["--namespace", namespace, ...args], { env })).trim();

let helmProgram: string;
/** What the demo gave the chart. */
let values: string;
const helm = (args: string[], input?: string): Promise<string> =>
  runCommand(helmProgram, ["--namespace", namespace, ...args], { env, ...(input === undefined ? {} : { input }) });
const install = () =>
  helm(["upgrade", "--install", "polyphony", chart, "--values", "-", "--wait", "--timeout", "4m"], values);

beforeAll(async () => {
  helmProgram = (await ensureTools(["helm"], silentProgress))("helm");
  values = await helm(["get", "values", "polyphony", "--output", "json"]);
}, 300_000);
// Whatever happened here, other suites find the installation as it was.
afterAll(async () => {
  await install();
}, 300_000);

/** Of the pods that are to stay; one that is still ending from an earlier roll is none of them, nor one that has done its work. */
const podUids = async (): Promise<string[]> => {
  type Pods = { items: { metadata: { uid: string; deletionTimestamp?: string }; status: { phase: string } }[] };
  const { items } = JSON.parse(await kubectl("get", "pods", "--output", "json")) as Pods;
  return items
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase !== "Succeeded")
    .map(({ metadata }) => metadata.uid)
    .sort();
};
const secretsNow = async (): Promise<string[]> => {
  const stems = ["master-key", "postgresql", "registry", "token-key"];
  const names = stems.map((stem) => `polyphony-${stem}`);
  return Promise.all(names.map((name) => kubectl("get", "secret", name, "--output", "jsonpath={.data}")));
};
const idOf = (slug: string): Promise<string> =>
  kubectl("get", "tenant", slug, "--output", "jsonpath={.status.vaultId}");
const answers = async (): Promise<boolean> => {
  const { status, body } = await localHttp(vault.url);
  return status === 200 && body.includes(vault.name);
};

describe("the chart on a real cluster", () => {
  it("is upgraded without a pod that restarts or a password that changes", async () => {
    const [pods, secrets] = [await podUids(), await secretsNow()];
    await install();
    expect(await podUids()).toEqual(pods);
    expect(await secretsNow()).toEqual(secrets);
    expect(await answers()).toBe(true);
  }, 300_000);

  it("sets the registry up again before each upgrade: what is there stays, what was lost comes back", async () => {
    const registry = (await clusterEnvironment())["REGISTRY_DATABASE_URL"] ?? "";
    const count = "SELECT (SELECT count(*) FROM people) AS people, (SELECT count(*) FROM migrations) AS migrations";
    const before = await runSql(registry, count);
    await runSql(registry, "UPDATE people SET platform_role = NULL WHERE email = $1", [firstAdmin.email]);
    await install();
    const admins = "SELECT email FROM people WHERE platform_role = 'admin'";
    expect(await runSql(registry, admins)).toEqual([{ email: firstAdmin.email }]);
    expect(await runSql(registry, count)).toEqual(before);
    expect(await kubectl("get", "jobs", "--output", "name")).toBe("");
  }, 300_000);

  it("brings the resource definitions up to date at each upgrade", async () => {
    const columns = "jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}";
    const crd = "customresourcedefinition/tenants.polyphony.dev";
    const remove = JSON.stringify([{ op: "remove", path: "/spec/versions/0/additionalPrinterColumns" }]);
    await kubectl("patch", crd, "--type", "json", "--patch", remove);
    expect(await kubectl("get", crd, "--output", columns)).not.toContain("Phase");
    await install();
    expect(await kubectl("get", crd, "--output", columns)).toContain("Plan Phase Ready Release URL Age");
  }, 300_000);

  it("K1: `helm test` makes a Tenant that answers and removes it, and finds console and API at their address", async () => {
    const told = await helm(["test", "polyphony", "--timeout", "5m"]);
    for (const probe of ["polyphony-probe", "polyphony-probe-console"])
      expect(told).toMatch(new RegExp(`SUITE:\\s+${probe}\\n[^]*?Phase:\\s+Succeeded`));
    expect(told).not.toMatch(/Phase:\s+(Failed|Running|Pending)/);
    expect(await kubectl("get", "tenants", "polyphony-probe", "--ignore-not-found")).toBe("");
  }, 330_000);

  it("refuses a reserved slug and a setting that is misspelt", async () => {
    const tenant = await kubectl("get", "tenant", vault.slug, "--output", "json");
    const { apiVersion, kind, spec } = JSON.parse(tenant) as Record<string, unknown>;
    const reserved = { apiVersion, kind, metadata: { name: "kube-system" }, spec };
    const create = runCommand(stateFiles.kubectl, ["create", "-f", "-"], { env, input: JSON.stringify(reserved) });
    await expect(create).rejects.toThrow('the slug "kube-system" is reserved');
    await expect(helm(["upgrade", "polyphony", chart, "--set", "gatway.replicas=3"])).rejects.toThrow("gatway");
  });

  it("I7: is uninstalled without loss, and takes everything up when it is installed again", async () => {
    const [secrets, vaultId] = [await secretsNow(), await idOf(vault.slug)];
    const registry = (await clusterEnvironment())["REGISTRY_DATABASE_URL"] ?? "";
    const organizations = () => runSql(registry, "SELECT slug FROM organizations ORDER BY slug");
    const known = await organizations();
    const pods = () =>
      kubectl(
        "get",
        "pods",
        "--all-namespaces",
        "--selector",
        `polyphony.dev/tenant=${vault.slug}`,
        "--output",
        "name",
      );
    const running = await pods();
    await helm(["uninstall", "polyphony", "--wait", "--timeout", "3m"]);
    const kept = "tenants,vaulttemplates,vaultreleases,databaseservers,persistentvolumeclaims,secrets";
    const left = await kubectl("get", kept, "--output", "name");
    for (const name of [
      `tenant.polyphony.dev/${vault.slug}`,
      "vaulttemplate.polyphony.dev/choir",
      "databaseserver.polyphony.dev/default",
      "persistentvolumeclaim/data-polyphony-postgresql-0",
      "secret/polyphony-master-key",
      "secret/polyphony-registry",
      "secret/polyphony-token-key",
    ])
      expect(left).toContain(name);
    expect(await pods()).toBe(running);

    await install();
    expect(await secretsNow()).toEqual(secrets);
    expect(await idOf(vault.slug)).toBe(vaultId);
    expect(await organizations()).toEqual(known);
    await eventually("the vault answers again", answers, { withinMs: 120_000 });
    // The API server finds the list of reserved slugs again, so that new Tenants can be made.
    const spec = JSON.parse(await kubectl("get", "tenant", vault.slug, "--output", "jsonpath={.spec}")) as object;
    const another = { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", metadata: { name: "made-after" }, spec };
    await runCommand(stateFiles.kubectl, ["create", "--dry-run=server", "-f", "-"], {
      env,
      input: JSON.stringify(another),
    });
    await kubectl("wait", `tenant/${vault.slug}`, "--for", "condition=Ready", "--timeout", "120s");
  }, 600_000);
});
