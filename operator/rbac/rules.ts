import type { Grant, Permission } from "./permissions.ts";

/** A rule as it stands in a Role or ClusterRole. */
export type PolicyRule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };

export const policyRule = ({ apiGroup, resources, verbs, names }: Permission): PolicyRule => ({
  apiGroups: [apiGroup],
  resources: [...resources],
  ...(names ? { resourceNames: [...names] } : {}),
  verbs: [...verbs],
});

const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;

const ruleText = (permission: Permission): string => {
  const rule = policyRule(permission);
  return [
    `# ${permission.why}`,
    `- apiGroups: ${list(rule.apiGroups)}`,
    `  resources: ${list(rule.resources)}`,
    ...(rule.resourceNames ? [`  resourceNames: ${list(rule.resourceNames)}`] : []),
    `  verbs: ${list(rule.verbs)}`,
  ].join("\n");
};

/** The named Helm templates that the chart's Roles and ClusterRoles include, one for each grant. */
export const permissionTemplates = (grants: readonly Grant[]): string => {
  const templates = grants.map(
    ({ name, why, permissions }) =>
      `{{/* ${why} */}}\n{{- define "${name}" -}}\n${permissions.map(ruleText).join("\n")}\n{{- end }}\n`,
  );
  return `{{/* Generated from operator/rbac/permissions.ts by npm run generate. */}}\n\n${templates.join("\n")}`;
};
