import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { started } from "../harness/started.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";
import { home, installAccounts } from "./render-chart.ts";

let api: ApiServer;
beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  await installAccounts(api);
});
afterAll(() => {
  api.close();
});

const account = (name: string) => `system:serviceaccount:${home}:polyphony-${name}`;

/** What `kubectl auth can-i --list` says, one line for each resource, without what every account may do. */
async function rightsOf(name: string, namespace: string): Promise<string> {
  const kubectl = process.env["POLYPHONY_TEST_KUBECTL"] ?? "kubectl";
  const kubeconfig = `--kubeconfig=${started.kubeconfig()}`;
  const args = [kubeconfig, "auth", "can-i", "--list", `--as=${account(name)}`, `--namespace=${namespace}`];
  const lines = (await runCommand(kubectl, args)).split("\n").slice(1);
  const own = lines.filter((line) => line.trim() !== "" && !/selfsubject|^\s+\[\//.test(line));
  return own
    .map((line) => line.trim().replaceAll(/\s{2,}/g, "  "))
    .sort()
    .join("\n");
}

const golden = join(import.meta.dirname, "rbac.golden.txt");

describe("RBAC", () => {
  const places: [account: string, namespace: string][] = [
    ["operator", home],
    ["operator", "polyphony-migrations"],
    ["operator", "default"],
    ["gateway", home],
    ["gateway", "default"],
    ["control-worker", home],
    ["crds", home],
    ["probe", home],
  ];

  it("gives each account exactly what the golden file says (UPDATE_GOLDEN=1 writes it anew)", async () => {
    const parts: string[] = [];
    for (const [name, namespace] of places) {
      parts.push(`# polyphony-${name}, in ${namespace}\n${await rightsOf(name, namespace)}\n`);
    }
    const now = parts.join("\n");
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(golden, now);
    expect(now).toBe(readFileSync(golden, "utf8"));
  });

  const refused: [account: string, method: string, path: string][] = [
    ["operator", "POST", `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings`],
    ["operator", "POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${home}/roles`],
    ["operator", "POST", "/api/v1/namespaces/default/pods"],
    ["operator", "POST", `/api/v1/namespaces/${home}/serviceaccounts/polyphony-operator/token`],
    ["operator", "DELETE", "/apis/polyphony.dev/v1alpha1/tenants/anybody"],
    ["operator", "DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/tenants.polyphony.dev"],
    ["operator", "GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/others.example.org"],
    ["operator", "DELETE", `/api/v1/namespaces/${home}/configmaps/polyphony-deletions`],
    ["operator", "GET", "/api/v1/nodes"],
    ["gateway", "GET", `/api/v1/namespaces/${home}/secrets`],
    ["control-worker", "GET", `/api/v1/namespaces/${home}/secrets`],
    ["control-worker", "PATCH", "/apis/polyphony.dev/v1alpha1/tenants/anybody/status"],
    ["control-worker", "PATCH", "/apis/polyphony.dev/v1alpha1/vaulttemplates/choir"],
    ["gateway", "PATCH", "/apis/polyphony.dev/v1alpha1/tenants/anybody"],
    ["gateway", "PATCH", "/apis/polyphony.dev/v1alpha1/tenants/anybody/status"],
    ["crds", "DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/tenants.polyphony.dev"],
    ["crds", "PATCH", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/others.example.org"],
    ["probe", "DELETE", "/apis/polyphony.dev/v1alpha1/tenants/anybody"],
    ["probe", "GET", "/apis/polyphony.dev/v1alpha1/tenants"],
  ];
  it.each(refused)("refuses polyphony-%s: %s %s", async (name, method, path) => {
    const patch = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
    const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
    const answer = await api.call(method, path, { as: account(name), ...patch, ...body });
    expect(answer.status).toBe(403);
    expect(answer.message).toContain("cannot");
  });

  it("lets the hook make and update our kinds by server-side apply", async () => {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/tenants.polyphony.dev";
    const crd = (await api.call("GET", path)).body as { apiVersion: string; kind: string; spec: object };
    const { apiVersion, kind, spec } = crd;
    const object = { apiVersion, kind, metadata: { name: "tenants.polyphony.dev" }, spec };
    const answer = await api.apply(`${path}?dryRun=All`, object, { as: account("crds") });
    expect(answer.message).toBe("");
    expect(answer.status).toBe(200);
  });
});
