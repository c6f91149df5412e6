import { z } from "zod";
import { conditions } from "./condition.ts";
import {
  dnsLabel,
  explain,
  generation,
  imageDigest,
  mapOf,
  matching,
  quantity,
  rules,
  semanticVersion,
  sqlName,
} from "./field.ts";

const Resources = z.object({
  cpu: quantity().describe(explain("Processor, for example 100m.", "chart")),
  memory: quantity().describe(explain("Memory, for example 128Mi.", "chart")),
});

export const VaultPlan = z
  .object({
    replicas: z.int().min(1).max(10).default(1).describe(explain("How many pods serve the vault.", "chart")),
    requests: Resources.describe(explain("What a pod is promised.", "chart")),
    limits: Resources.describe(explain("What a pod may use at most.", "chart")),
    quota: z
      .object({
        cpu: quantity().describe(explain("Processor limit of the whole namespace.", "chart")),
        memory: quantity().describe(explain("Memory limit of the whole namespace.", "chart")),
        pods: z.int().min(2).max(1000).describe(explain("Pods in the namespace; two are needed to roll.", "chart")),
      })
      .describe(explain("What the vault's namespace may use at most.", "chart")),
    meterLimits: mapOf(z.int().min(0).max(Number.MAX_SAFE_INTEGER), 32)
      .optional()
      .describe(explain("The most of each meter; a meter that is not named is unlimited.", "chart")),
    databaseConnections: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe(explain("Connections a vault may hold to its database.", "chart")),
  })
  .describe(explain("What an organization on this plan gets.", "chart"));
export type VaultPlan = z.infer<typeof VaultPlan>;

export const VaultTemplateSpec = rules(
  z.object({
    displayName: z.string().min(1).max(100).describe(explain("The application's name as people read it.", "chart")),
    image: z
      .object({
        repository: matching(
          /^([a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?\/)?[a-z0-9]([a-z0-9._/-]*[a-z0-9])?$/,
          255,
          "write an image without tag or digest, for example registry.example.org/choir",
        ).describe(explain("The image without tag or digest; each release gives the digest.", "chart")),
      })
      .describe(explain("The application's image.", "chart")),
    port: z.int().min(1024).max(65535).default(8080).describe(explain("The public port of the vault.", "chart")),
    internalPort: z
      .int()
      .min(1024)
      .max(65535)
      .default(9090)
      .describe(explain("The port of health, metrics and usage; never routed.", "chart")),
    contract: z
      .enum(["v1"])
      .default("v1")
      .describe(explain("The version of the vault contract that the application keeps.", "chart")),
    meters: z
      .array(
        z.object({
          name: sqlName().describe(explain("The meter's name, for example members.", "chart")),
          sql: z.string().min(1).max(4096).describe(explain("A query that gives one whole number.", "chart")),
          unit: z
            .string()
            .min(1)
            .max(32)
            .default("1")
            .describe(explain("The unit, for example By for bytes.", "chart")),
        }),
      )
      .max(32)
      .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
      .optional()
      .describe(explain("What is counted in each vault.", "chart")),
    writableWhenReadOnly: z
      .array(sqlName())
      .max(64)
      .meta({ "x-kubernetes-list-type": "set" })
      .optional()
      .describe(explain("Tables that stay writable in a read-only vault, so that people can still log in.", "chart")),
    needs: z
      .object({
        bucket: z.boolean().default(false).describe(explain("Whether it keeps files in object storage.", "chart")),
      })
      .optional()
      .describe(explain("What the application needs besides a database.", "chart")),
    channels: mapOf(semanticVersion(), 16).describe(
      explain("The version that each release channel points at, for example stable: 1.4.0.", "release pipeline"),
    ),
    plans: mapOf(VaultPlan, 32).describe(explain("The plans by name.", "chart")),
  }),
  {
    rule: "size(self.plans) > 0",
    message: "plans needs at least one plan, for example free",
    fieldPath: ".plans",
  },
  {
    rule: "self.plans.all(name, name.matches('^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'))",
    message:
      "name each plan with up to 40 lower-case letters, digits and hyphens, as Tenants will name it, for example tier1",
    fieldPath: ".plans",
  },
  {
    rule: "self.port != self.internalPort",
    message: "give internalPort another port than port: what is internal must never be routed, for example 9090",
    fieldPath: ".internalPort",
  },
).describe(explain("An application that can be provisioned.", "chart"));
export type VaultTemplateSpec = z.infer<typeof VaultTemplateSpec>;

export const VaultTemplateStatus = z
  .object({
    releases: z.int().min(0).max(1_000_000).optional().describe(explain("Releases of this template.", "operator")),
    tenants: z.int().min(0).max(10_000_000).optional().describe(explain("Tenants that use it.", "operator")),
    conditions: conditions().optional(),
  })
  .describe(explain("Who uses it.", "operator"));
export type VaultTemplateStatus = z.infer<typeof VaultTemplateStatus>;

export const VaultReleaseSpec = rules(
  z.object({
    template: dnsLabel(20).describe(explain("The VaultTemplate this is a release of.", "release pipeline")),
    version: semanticVersion().describe(explain("The version, for example 1.4.0.", "release pipeline")),
    image: z
      .object({
        digest: imageDigest().describe(explain("The image's digest.", "release pipeline")),
      })
      .describe(explain("Which image it is.", "release pipeline")),
    schemaVersion: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe(explain("The schema version that its migrations lead to.", "release pipeline")),
    commands: z
      .object({
        serve: z
          .array(z.string().min(1).max(256))
          .min(1)
          .max(16)
          .default(["serve"])
          .describe(explain("Arguments of the image to serve.", "release pipeline")),
        migrate: z
          .array(z.string().min(1).max(256))
          .min(1)
          .max(16)
          .default(["migrate"])
          .describe(explain("Arguments of the image to migrate a list of databases.", "release pipeline")),
      })
      .default({ serve: ["serve"], migrate: ["migrate"] })
      .describe(explain("How the image is run.", "release pipeline")),
  }),
  {
    rule: "self == oldSelf",
    message: "a VaultRelease cannot change: publish a new version instead, as <template>-<version>",
  },
).describe(explain("One immutable version of a template.", "release pipeline"));
export type VaultReleaseSpec = z.infer<typeof VaultReleaseSpec>;

export const VaultReleaseStatus = z
  .object({
    goldenTemplates: z
      .array(
        z.object({
          server: dnsLabel().describe(explain("The DatabaseServer.", "operator")),
          database: z.string().max(63).describe(explain("The golden template's database.", "operator")),
          state: z
            .enum(["Pending", "Migrating", "Ready", "Failed"])
            .describe(explain("How far it has come.", "operator")),
          message: z.string().max(2048).optional().describe(explain("Why it is so and what to do next.", "operator")),
        }),
      )
      .max(256)
      .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["server"] })
      .optional()
      .describe(explain("The golden template on each server.", "operator")),
    tenants: z.int().min(0).max(10_000_000).optional().describe(explain("Tenants that run this release.", "operator")),
    followers: z
      .object({
        migrated: z.int().min(0).max(10_000_000).describe(explain("Those whose database it serves on.", "operator")),
        pending: z
          .int()
          .min(0)
          .max(10_000_000)
          .describe(explain("Those whose database is to be migrated, now or in their window.", "operator")),
        failing: z
          .int()
          .min(0)
          .max(10_000_000)
          .describe(explain("Those whose last migration failed; it is tried again.", "operator")),
      })
      .optional()
      .describe(explain("Tenants that follow this release, by channel or pin.", "operator")),
    observedGeneration: generation().optional().describe(explain("The generation judged.", "operator")),
    conditions: conditions().optional(),
  })
  .describe(explain("Whether it can be used, and by whom it is.", "operator"));
export type VaultReleaseStatus = z.infer<typeof VaultReleaseStatus>;
