import { z } from "zod";
import { conditions } from "./condition.ts";
import { dnsLabel, explain, generation, imageDigest, instant, uuid } from "./field.ts";

export const phases = [
  "Pending",
  "Provisioning",
  "Active",
  "Failed",
  "ReadOnly",
  "Hibernated",
  "Suspended",
  "Deleting",
] as const;
export type Phase = (typeof phases)[number];

const amount = () => z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const Rotation = z.object({
  step: z
    .enum(["Announce", "Switch"])
    .optional()
    .describe(explain("What is rolling out: Announce makes a new key known, Switch uses it.", "operator")),
  startedAt: instant().optional().describe(explain("When the rotation under way began.", "operator")),
  rotatedAt: instant().optional().describe(explain("When the last one was done.", "operator")),
  request: z.string().max(256).optional().describe(explain("The last request that was taken up.", "operator")),
});

export const TenantStatus = z
  .object({
    phase: z.enum(phases).optional().describe(explain("Where the vault is in its life, in one word.", "operator")),
    message: z.string().max(2048).optional().describe(explain("What is going on and what to do next.", "operator")),
    observedGeneration: generation()
      .optional()
      .describe(explain("The generation of spec that this status is about.", "operator")),
    progress: z
      .object({
        step: z.int().min(0).max(99).describe(explain("How many steps are done.", "operator")),
        of: z.int().min(1).max(99).describe(explain("How many steps there are.", "operator")),
        current: z.string().max(64).describe(explain("The name of the step under way.", "operator")),
      })
      .optional()
      .describe(explain("How far provisioning has come: step n of m.", "operator")),
    vaultId: uuid()
      .optional()
      .describe(explain("The vault's lasting identity; it outlives this resource.", "operator")),
    url: z.string().max(512).optional().describe(explain("The vault's public address.", "operator")),
    backend: z
      .object({
        namespace: dnsLabel().describe(explain("Namespace of the Service.", "operator")),
        service: dnsLabel().describe(explain("Name of the Service.", "operator")),
        port: z.int().min(1).max(65535).describe(explain("Port of the Service.", "operator")),
      })
      .optional()
      .describe(explain("Where the gateway finds the vault.", "operator")),
    database: z
      .object({
        server: dnsLabel().describe(explain("The DatabaseServer that holds the database.", "operator")),
        name: z.string().max(63).describe(explain("The database's name.", "operator")),
        bytes: z
          .int()
          .min(0)
          .max(Number.MAX_SAFE_INTEGER)
          .optional()
          .describe(explain("Its size on disk in bytes, rounded; measured now and then.", "operator")),
      })
      .optional()
      .describe(explain("The vault's database.", "operator")),
    release: z
      .object({
        name: z.string().max(128).describe(explain("The VaultRelease that runs.", "operator")),
        version: z.string().max(40).describe(explain("Its version.", "operator")),
        digest: imageDigest().describe(explain("Its image digest.", "operator")),
        schemaVersion: z
          .int()
          .min(0)
          .max(1_000_000)
          .describe(explain("The schema version of the database.", "operator")),
      })
      .optional()
      .describe(explain("The release that runs.", "operator")),
    upgradeRequestAnswered: z
      .string()
      .max(64)
      .optional()
      .describe(
        explain("The value of the annotation polyphony.dev/upgrade-requested-at that has had its effect.", "operator"),
      ),
    secretVersions: z
      .object({
        database: z.int().min(1).max(1_000_000).describe(explain("Version of the database password.", "operator")),
        databaseLogin: z.enum(["a", "b"]).describe(explain("Which of the two login roles is active.", "operator")),
        signing: z.int().min(1).max(1_000_000).describe(explain("Version of the signing key.", "operator")),
      })
      .optional()
      .describe(explain("Versions of what is derived from the master key.", "operator")),
    rotation: z
      .object({
        database: Rotation.optional().describe(explain("Of the database password.", "operator")),
        signing: Rotation.extend({
          accepted: z
            .array(
              z.object({
                version: z.int().min(1).max(1_000_000).describe(explain("Version of the key.", "operator")),
                until: instant().describe(explain("When nothing signed with it can still be good.", "operator")),
              }),
            )
            .max(8)
            .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["version"] })
            .optional()
            .describe(explain("Earlier keys whose sessions and links still hold, newest first.", "operator")),
        })
          .optional()
          .describe(explain("Of the signing key.", "operator")),
      })
      .optional()
      .describe(explain("How and when the secrets were last replaced.", "operator")),
    clientKeys: z
      .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/))
      .min(1)
      .max(10)
      .meta({ "x-kubernetes-list-type": "atomic" })
      .optional()
      .describe(
        explain("Public keys (Ed25519, base64url) by which the vault proves itself to the registry.", "operator"),
      ),
    limits: z
      .object({
        measuredAt: instant().optional().describe(explain("When the use was last measured.", "operator")),
        meters: z
          .array(
            z.object({
              name: z.string().max(63).describe(explain("The meter.", "operator")),
              limit: amount().describe(explain("The most of it, by plan or by spec.limits.", "operator")),
              used: amount().optional().describe(explain("How much there was when last measured.", "operator")),
            }),
          )
          .max(32)
          .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
          .describe(explain("Each meter that has a limit.", "operator")),
      })
      .optional()
      .describe(explain("The limits in force, and the use measured when they last changed.", "operator")),
    conditions: conditions().optional(),
  })
  .describe(explain("What the vault is.", "operator"));
export type TenantStatus = z.infer<typeof TenantStatus>;
