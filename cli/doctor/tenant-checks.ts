import type { Condition, Tenant } from "../../crds/index.ts";
import { type EndpointSlice, kinds } from "../../kube/kinds.ts";
import { inShort } from "../explain.ts";
import { vaultName } from "../names.ts";
import { podsOf } from "../tenant/pods-of.ts";
import { conditionOf, isJudged } from "../tenant/tenant-state.ts";
import { broken, type Check, notProbed, ok, type TenantPatient, type Verdict, warning } from "./check.ts";
import { podTrouble } from "./operator-checks.ts";

const namespaceOf = ({ tenant }: TenantPatient): string => tenant.status?.backend?.namespace ?? "";

const fixFor = ({ reason }: Condition): string => inShort(reason)?.next ?? `polyphony explain ${reason}`;

const byCondition =
  (type: string, good: (tenant: Tenant) => string) =>
  (patient: TenantPatient): Promise<Verdict> => {
    const condition = conditionOf(patient.tenant, type);
    if (!condition)
      return Promise.resolve(broken("The operator has not judged it yet.", "See the check of the operator above."));
    if (condition.status === "True") return Promise.resolve(ok(good(patient.tenant)));
    return Promise.resolve(broken(`${condition.reason}: ${condition.message}`, fixFor(condition)));
  };

const isOff = ({ tenant }: TenantPatient): boolean => tenant.spec.activity === "Suspended";

const seen: Check<TenantPatient> = {
  name: "tenant is seen",
  gate: true,
  look: ({ tenant }) => {
    if (tenant.metadata.deletionTimestamp)
      return Promise.resolve(
        warning(
          `It is being deleted. ${tenant.status?.message ?? ""}`.trim(),
          `polyphony tenant wait ${tenant.metadata.name} --for deleted`,
        ),
      );
    if (isJudged(tenant)) return Promise.resolve(ok("The operator has judged the newest spec."));
    return Promise.resolve(
      broken(
        "The operator has not looked at the newest spec.",
        "See the checks of the operator above; a moment later it may have.",
      ),
    );
  },
};

const namespace: Check<TenantPatient> = {
  name: "namespace",
  gate: true,
  look: async (patient) => {
    const name = namespaceOf(patient);
    if (name === "") return broken("It has none yet.", "See the checks before.");
    const found = await patient.session.cluster().kube.find(kinds.namespace, { name });
    if (!found) return broken(`${name} does not exist.`, "The operator makes it again; if it does not, see its logs.");
    return found.metadata?.deletionTimestamp
      ? broken(`${name} is being deleted.`, "Wait until it is gone; the operator makes it again.")
      : ok(name);
  },
};

const deployment: Check<TenantPatient> = {
  name: "deployment",
  look: async (patient) => {
    const found = await patient.session
      .cluster()
      .kube.find(kinds.deployment, { name: vaultName, namespace: namespaceOf(patient) });
    if (!found) return broken("It does not exist.", "The operator makes it again; if it does not, see its logs.");
    const wanted = found.spec?.replicas ?? 0;
    if (isOff(patient)) return ok("Scaled to 0: the vault is suspended.");
    const refused = found.status?.conditions?.find((one) => one.type === "ReplicaFailure" && one.status === "True");
    if (refused)
      return broken(`The cluster refuses its pods: ${refused.message ?? ""}`, inShort("FailedCreate")?.next ?? "");
    const available = found.status?.availableReplicas ?? 0;
    return available > 0
      ? ok(`${available} of ${wanted} pods are available.`)
      : broken(`None of ${wanted} pods is available.`, "See the pods below.");
  },
};

const pods: Check<TenantPatient> = {
  name: "pods",
  look: async (patient) => {
    const { session, tenant } = patient;
    const all = await podsOf(session, tenant);
    if (isOff(patient)) return ok("None, as the vault is suspended.");
    if (all.length === 0) return broken("There is none.", `kubectl -n ${namespaceOf(patient)} get events`);
    const why = all.map(podTrouble).find((trouble) => trouble !== undefined);
    return why === undefined
      ? ok(`${all.length} ${all.length === 1 ? "runs" : "run"}.`)
      : broken(why, `polyphony tenant logs ${tenant.metadata.name} --previous`);
  },
};

const readyAddresses = (slices: readonly EndpointSlice[]): number =>
  slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length;

const service: Check<TenantPatient> = {
  name: "service",
  look: async (patient) => {
    const { kube } = patient.session.cluster();
    const where = { namespace: namespaceOf(patient) };
    if (!(await kube.find(kinds.service, { name: vaultName, ...where })))
      return broken("It does not exist.", "The operator makes it again; if it does not, see its logs.");
    if (isOff(patient)) return ok("It is there; nothing is behind it while the vault is suspended.");
    const slices = await kube.list(kinds.endpointSlice, {
      ...where,
      labelSelector: `kubernetes.io/service-name=${vaultName}`,
    });
    const ready = readyAddresses(slices);
    return ready > 0
      ? ok(`${ready} ready ${ready === 1 ? "endpoint" : "endpoints"}.`)
      : broken("No ready pod is behind it.", "See the pods above.");
  },
};

const address: Check<TenantPatient> = {
  name: "address",
  look: async (patient) => {
    const { url } = patient.tenant.status ?? {};
    if (url === undefined) return broken("It has none yet.", "See the checks before.");
    const visit = await patient.session.visit(url);
    if ("trouble" in visit)
      return notProbed(`${url} does not answer from this machine (${visit.trouble}): it may still from elsewhere.`);
    if (isOff(patient)) return ok(`${url} answers ${visit.status} with the page for suspended vaults.`);
    return visit.status < 500
      ? ok(`${url} answers ${visit.status}.`)
      : broken(`${url} answers ${visit.status}.`, "See the gateway and the pods above.");
  },
};

/** From the Tenant to its address, link by link. */
export const tenantChecks: readonly Check<TenantPatient>[] = [
  seen,
  { name: "template and plan", look: byCondition("Accepted", ({ spec }) => `${spec.template}, plan ${spec.plan}.`) },
  {
    name: "database",
    look: byCondition(
      "DatabaseReady",
      ({ status }) => `${status?.database?.name ?? ""} on ${status?.database?.server ?? ""}.`,
    ),
  },
  {
    name: "schema",
    look: byCondition("SchemaCurrent", ({ status }) => `Version ${status?.release?.schemaVersion ?? "?"}.`),
  },
  namespace,
  deployment,
  pods,
  service,
  {
    name: "route",
    look: (patient) =>
      isOff(patient)
        ? Promise.resolve(ok("None, as the vault is suspended."))
        : byCondition("RouteReady", () => "The gateway finds the vault.")(patient),
  },
  address,
];
