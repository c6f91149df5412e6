import type { z } from "zod";
import * as databaseServer from "./database-server.ts";
import type { CelRule } from "./field.ts";
import * as tenant from "./tenant.ts";
import * as vaultTemplate from "./vault-template.ts";

export const group = "polyphony.dev";
export const version = "v1alpha1";

export type PrinterColumn = {
  name: string;
  type: "string" | "integer" | "date";
  jsonPath: string;
  priority?: 1;
  description?: string;
};

/** A resource as it is authored; `generate.ts` makes the CustomResourceDefinition from it. */
export type ResourceDefinition = {
  kind: string;
  plural: string;
  shortNames: string[];
  description: string;
  spec: z.ZodType;
  status: z.ZodType;
  /** CEL rules over the whole object, where `metadata.name` can be seen. */
  rules: CelRule[];
  columns: PrinterColumn[];
};

const ready = (priority?: 1): PrinterColumn => ({
  name: "Ready",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  ...(priority ? { priority } : {}),
});
const reason: PrinterColumn = {
  name: "Reason",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
};
const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

export const definitions: ResourceDefinition[] = [
  {
    kind: "Tenant",
    plural: "tenants",
    shortNames: ["tn"],
    description: "One organization's vault: its own namespace, deployment, database and address.",
    spec: tenant.TenantSpec,
    status: tenant.TenantStatus,
    rules: [
      {
        rule: "self.metadata.name.matches('^[a-z][a-z0-9-]*[a-z0-9]$') && size(self.metadata.name) <= 40 && !self.metadata.name.contains('--')",
        message:
          "metadata.name is the slug in the vault's address: 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, for example alto-ensemble",
      },
    ],
    columns: [
      { name: "Plan", type: "string", jsonPath: ".spec.plan" },
      { name: "Phase", type: "string", jsonPath: ".status.phase" },
      ready(),
      { name: "Release", type: "string", jsonPath: ".status.release.version" },
      { name: "URL", type: "string", jsonPath: ".status.url" },
      age,
      { name: "Database", type: "string", jsonPath: ".status.database.name", priority: 1 },
      { name: "Bytes", type: "integer", jsonPath: ".status.database.bytes", priority: 1 },
      { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
    ],
  },
  {
    kind: "VaultTemplate",
    plural: "vaulttemplates",
    shortNames: ["vt"],
    description: "An application that can be provisioned: image, meters and plans.",
    spec: vaultTemplate.VaultTemplateSpec,
    status: vaultTemplate.VaultTemplateStatus,
    rules: [
      {
        rule: "self.metadata.name.matches('^[a-z][a-z0-9-]*[a-z0-9]$') && size(self.metadata.name) <= 20",
        message:
          "metadata.name of a VaultTemplate is 2 to 20 lower-case letters, digits and hyphens, beginning with a letter, for example choir",
      },
    ],
    columns: [
      { name: "Image", type: "string", jsonPath: ".spec.image.repository" },
      { name: "Stable", type: "string", jsonPath: ".spec.channels.stable" },
      { name: "Tenants", type: "integer", jsonPath: ".status.tenants" },
      age,
    ],
  },
  {
    kind: "VaultRelease",
    plural: "vaultreleases",
    shortNames: ["vr"],
    description: "One immutable version of a template.",
    spec: vaultTemplate.VaultReleaseSpec,
    status: vaultTemplate.VaultReleaseStatus,
    rules: [
      {
        rule: "self.metadata.name == self.spec.template + '-' + self.spec.version",
        message: "metadata.name of a VaultRelease is <template>-<version>, for example choir-1.4.0",
      },
    ],
    columns: [
      { name: "Template", type: "string", jsonPath: ".spec.template" },
      { name: "Version", type: "string", jsonPath: ".spec.version" },
      { name: "Schema", type: "integer", jsonPath: ".spec.schemaVersion" },
      ready(),
      reason,
      { name: "Tenants", type: "integer", jsonPath: ".status.tenants" },
      age,
    ],
  },
  {
    kind: "DatabaseServer",
    plural: "databaseservers",
    shortNames: ["dbs"],
    description: "A PostgreSQL server that holds vaults' databases.",
    spec: databaseServer.DatabaseServerSpec,
    status: databaseServer.DatabaseServerStatus,
    rules: [],
    columns: [
      { name: "Version", type: "string", jsonPath: ".status.version" },
      ready(),
      reason,
      { name: "Databases", type: "integer", jsonPath: ".status.databases" },
      { name: "Capacity", type: "integer", jsonPath: ".spec.capacity" },
      { name: "Bytes", type: "integer", jsonPath: ".status.bytes", priority: 1 },
      age,
    ],
  },
  {
    kind: "RetainedVault",
    plural: "retainedvaults",
    shortNames: ["rv"],
    description: "What a deleted Tenant leaves behind for its retention time.",
    spec: databaseServer.RetainedVaultSpec,
    status: databaseServer.RetainedVaultStatus,
    rules: [],
    columns: [
      { name: "Slug", type: "string", jsonPath: ".spec.slug" },
      { name: "Phase", type: "string", jsonPath: ".status.phase" },
      { name: "KeepUntil", type: "string", jsonPath: ".spec.keepUntil" },
      age,
      { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
    ],
  },
];
