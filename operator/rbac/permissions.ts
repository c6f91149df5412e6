import { group as ourGroup } from "../../crds/resources.ts";

/** One rule of RBAC and why it is there. Verbs and resources are spelled out: a wildcard would also mean what comes later. */
export type Permission = {
  why: string;
  apiGroup: string;
  resources: readonly string[];
  verbs: readonly string[];
  /** Only these objects. Kubernetes cannot narrow `list` and `watch`, nor a plain `create`, by name. */
  names?: readonly string[];
};

/** What one account may do, and where: in the whole cluster, or in one namespace. */
export type Grant = { name: string; why: string; permissions: readonly Permission[] };

const read = ["get", "list", "watch"] as const;
/** Server-side apply needs patch, and create where the object is not there yet. */
const keep = [...read, "create", "update", "patch", "delete"] as const;

const operatorInCluster: Permission[] = [
  {
    why: "what is asked for; vault id, finalizer and the database server chosen are written to the Tenant itself; one whose deletion was rejected is made anew",
    apiGroup: ourGroup,
    resources: ["tenants"],
    verbs: [...read, "create", "patch"],
  },
  {
    why: "a finalizer holds a release and a server while vaults use them",
    apiGroup: ourGroup,
    resources: ["vaultreleases", "databaseservers", "vaulttemplates"],
    verbs: [...read, "patch"],
  },
  {
    why: "the record of what a deleted Tenant leaves",
    apiGroup: ourGroup,
    resources: ["retainedvaults"],
    verbs: [...read, "create", "patch", "delete"],
  },
  {
    why: "whether Tenants are deleted only because their kind is: nobody means that",
    apiGroup: "apiextensions.k8s.io",
    resources: ["customresourcedefinitions"],
    verbs: ["get"],
    names: [`tenants.${ourGroup}`],
  },
  {
    why: "status is the operator's alone",
    apiGroup: ourGroup,
    resources: ["tenants", "vaulttemplates", "vaultreleases", "databaseservers", "retainedvaults"].map(
      (plural) => `${plural}/status`,
    ),
    verbs: ["patch"],
  },
  { why: "one for each vault", apiGroup: "", resources: ["namespaces"], verbs: keep },
  {
    why: "connection URLs of database servers, each vault's own Secret; cluster-wide by nature, as namespaces come later. Writes are fenced by admission policy",
    apiGroup: "",
    resources: ["secrets"],
    verbs: keep,
  },
  {
    why: "what a vault consists of",
    apiGroup: "",
    resources: ["services", "serviceaccounts", "resourcequotas", "limitranges"],
    verbs: keep,
  },
  { why: "the vault's workload", apiGroup: "apps", resources: ["deployments"], verbs: keep },
  { why: "who may connect to whom", apiGroup: "networking.k8s.io", resources: ["networkpolicies"], verbs: keep },
  { why: "vaults with two pods", apiGroup: "policy", resources: ["poddisruptionbudgets"], verbs: keep },
  { why: "why a vault does not come up, or a migration fails", apiGroup: "", resources: ["pods"], verbs: read },
  { why: "whether a vault can be reached", apiGroup: "discovery.k8s.io", resources: ["endpointslices"], verbs: read },
  {
    why: "what happened, told on the object; the Events of cluster-scoped objects live in the namespace default",
    apiGroup: "events.k8s.io",
    resources: ["events"],
    verbs: ["create", "patch"],
  },
];

/** Every account of the installation and what it may do; `generate.ts` makes the chart's rules from it. */
export const grants = {
  operatorInCluster: {
    name: "polyphony.permissions.operator",
    why: "The operator, in the whole cluster. It makes no Roles, so it needs neither escalate nor bind.",
    permissions: operatorInCluster,
  },
  operatorAtHome: {
    name: "polyphony.permissions.operator-home",
    why: "The operator, in its own namespace: leader election, and the count of deletions.",
    permissions: [
      {
        why: "the deletions of the last hour, for the breaker",
        apiGroup: "",
        resources: ["configmaps"],
        verbs: ["get", "create", "patch"],
      },
      {
        why: "one of several operators leads",
        apiGroup: "coordination.k8s.io",
        resources: ["leases"],
        verbs: ["get", "create", "update", "patch"],
      },
    ],
  },
  operatorInMigrations: {
    name: "polyphony.permissions.operator-migrations",
    why: "The operator, in the namespace of migrations.",
    permissions: [
      { why: "golden templates and migrations", apiGroup: "batch", resources: ["jobs"], verbs: keep },
      { why: "what a migration says of each database", apiGroup: "", resources: ["pods/log"], verbs: ["get"] },
    ],
  },
  gateway: {
    name: "polyphony.permissions.gateway",
    why: "The gateway: where each vault is, and nothing else.",
    permissions: [{ why: "hosts and backends", apiGroup: ourGroup, resources: ["tenants"], verbs: read }],
  },
  controlWorker: {
    name: "polyphony.permissions.control-worker",
    why: "The control API's worker: Tenants, and what they can be made from. The API itself knows the registry only, and has no account.",
    permissions: [
      {
        why: "what can be registered for",
        apiGroup: ourGroup,
        resources: ["vaulttemplates"],
        verbs: read,
      },
      {
        why: "publishes what organizations asked for, has it tried again, follows how it goes, and takes away what they closed",
        apiGroup: ourGroup,
        resources: ["tenants"],
        verbs: [...read, "create", "patch", "delete"],
      },
    ],
  },
  crds: {
    name: "polyphony.permissions.crds",
    why: "The hook that brings our CustomResourceDefinitions up to date.",
    permissions: [
      {
        why: "our five kinds, by name",
        apiGroup: "apiextensions.k8s.io",
        resources: ["customresourcedefinitions"],
        verbs: ["get", "create", "patch"],
        names: ["tenants", "vaulttemplates", "vaultreleases", "databaseservers", "retainedvaults"].map(
          (plural) => `${plural}.${ourGroup}`,
        ),
      },
    ],
  },
  probeInCluster: {
    name: "polyphony.permissions.probe",
    why: "The test hook, which makes a Tenant of a fixed name and removes it.",
    permissions: [
      {
        why: "the probe and nobody else's Tenant",
        apiGroup: ourGroup,
        resources: ["tenants"],
        verbs: ["get", "create", "patch", "delete"],
        names: ["polyphony-probe"],
      },
    ],
  },
} satisfies Record<string, Grant>;
