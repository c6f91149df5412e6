/** Who may import whom (docs/decisions/0001). A folder that is not named may import what it likes. */
const only = (folder, allowed) => ({
  name: `${folder}-imports`,
  severity: "error",
  comment: `${folder}/ may import only itself${allowed.length ? ` and ${allowed.join(", ")}` : ""}`,
  from: { path: `^${folder}/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^(crds|kube|operator|gateway|vault-template|cluster|control-api|cli|console|demo|test)/",
    pathNot: `^(${[folder, ...allowed].join("|")})/`,
  },
});

const onlyIn = (module, where) => ({
  name: `${module}-only-in`,
  severity: "error",
  comment: `${module} may be imported only in ${where}`,
  from: { path: "^(crds|kube|operator|gateway|cluster|cli)/", pathNot: [where, "\\.test\\.ts$"] },
  to: { path: `node_modules/${module}/`, dependencyTypesNot: ["type-only"] },
});

module.exports = {
  forbidden: [
    only("crds", []),
    only("kube", []),
    only("vault-template", []),
    only("cluster", []),
    only("gateway", ["crds", "kube"]),
    only("operator", ["crds", "kube"]),
    // The pages without JavaScript wear the console's colours and type.
    only("control-api", ["crds", "kube", "console/src/theme/tokens"]),
    only("console", ["control-api/contract"]),
    {
      name: "tokens-are-plain",
      severity: "error",
      comment: "The console's tokens are plain values: they import nothing, so that the server may wear them too",
      from: { path: "^console/src/theme/tokens/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^console/src/theme/tokens/" },
    },
    only("control-api/contract", []),
    only("cli", ["crds", "kube", "control-api/contract"]),
    onlyIn("pg", "^(operator/database|control-api/db)/"),
    onlyIn("bullmq", "^control-api/jobs/"),
    onlyIn("nodemailer", "^control-api/gateways/"),
    onlyIn("@kubernetes/client-node", "^kube/"),
    onlyIn("commander", "^cli/"),
    {
      name: "engine-knows-no-tenant",
      severity: "error",
      comment: "The engine is the same for every kind of resource",
      from: { path: "^operator/engine/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(operator/(tenant|release|database|database-server)|crds)/" },
    },
    {
      name: "pure-desired-state",
      severity: "error",
      comment: "Desired objects, checks and status are pure: they reach neither Kubernetes nor PostgreSQL",
      from: { path: "^operator/tenant/(resources/|upgrade/|desired|checks|status)", pathNot: "\\.test\\.ts$" },
      to: { path: "^(kube/live|kube/connections|operator/database/pg-)" },
    },
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node"],
    },
  },
};
