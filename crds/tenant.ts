import { z } from "zod";
import { conditions } from "./condition.ts";
import {
  dnsLabel,
  duration,
  explain,
  generation,
  imageDigest,
  instant,
  mapOf,
  matching,
  rules,
  semanticVersion,
  uuid,
} from "./field.ts";

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

const printable = (max: number) =>
  matching(/^[^\x00-\x1f\x7f]+$/, max, "write it on one line, without control characters");

const email = () =>
  matching(
    /^[^@\s\x00-\x20<>,;:\\()\[\]\x22]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    254,
    "write one mail address, for example kari@example.org",
  );

const Organization = rules(
  z.object({
    id: matching(
      /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
      64,
      "use letters, digits, dots, hyphens and underscores, for example org_nordic",
    ).describe(explain("The organization's id in the registry, or a name of your own without one.", "organization")),
    name: printable(200).describe(
      explain("The organization's name as people read it; the vault shows it.", "organization"),
    ),
  }),
  {
    rule: "self.id == oldSelf.id",
    message: "organization.id cannot change: a vault belongs to one organization; create another Tenant instead",
    fieldPath: ".id",
  },
).describe(explain("Whose vault this is.", "organization"));

const Owner = z
  .object({
    email: email().describe(
      explain("Mail address of the vault's first owner, for example kari@example.org.", "organization"),
    ),
    name: printable(200).describe(explain("The owner's name as people read it.", "organization")),
  })
  .describe(
    explain("The person who owns the vault; made a member with the role owner when it starts.", "organization"),
  );

const Release = z
  .object({
    channel: dnsLabel(40)
      .default("stable")
      .describe(explain("The template's release channel to follow.", "organization")),
    pin: semanticVersion()
      .optional()
      .describe(explain("One version to stay on, for example 1.4.0; it goes before the channel.", "staff")),
  })
  .describe(explain("Which release of the template runs.", "organization"));

const MaintenanceWindow = z
  .object({
    days: z
      .array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
      .min(1)
      .max(7)
      .meta({ "x-kubernetes-list-type": "set" })
      .describe(explain("The days on which it opens.", "organization")),
    start: matching(
      /^([01][0-9]|2[0-3]):[0-5][0-9]$/,
      5,
      "write a time of day on the 24-hour clock, for example 02:30",
    ).describe(explain("When it opens, 24-hour clock, for example 02:30.", "organization")),
    duration: duration().describe(explain("How long it stays open, for example 2h.", "organization")),
    timeZone: matching(/^[A-Za-z0-9_+/-]+$/, 64, "write a time zone of the IANA data base, for example Europe/Oslo")
      .default("UTC")
      .describe(explain("The IANA time zone of start, for example Europe/Oslo.", "organization")),
  })
  .describe(explain("When upgrades may run; any time when it is empty.", "organization"));

const customHost = () =>
  matching(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    253,
    "each host is a full name in lower case, for example members.example.org",
  );

const immutable = (field: string, why: string) => ({
  rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
  message: `${field} cannot change: ${why}`,
  fieldPath: `.${field}`,
});

export const TenantSpec = rules(
  z.object({
    organization: Organization,
    template: dnsLabel(20).describe(explain("The VaultTemplate to run, for example choir.", "organization")),
    plan: dnsLabel(40).describe(
      explain("One of the template's plans, for example free; its limits apply.", "organization"),
    ),
    owner: Owner,
    isolation: z
      .enum(["Shared", "Dedicated"])
      .default("Shared")
      .describe(explain("Shared: a database on a shared server. Dedicated: a server and nodes of its own.", "staff")),
    access: z
      .enum(["ReadWrite", "ReadOnly"])
      .default("ReadWrite")
      .describe(explain("ReadOnly lets people read, export and log in, and refuses writes.", "organization")),
    accessReason: printable(300)
      .optional()
      .describe(explain("Why it is read-only and what lifts that, for the people in the vault.", "organization")),
    activity: z
      .enum(["Running", "Suspended"])
      .default("Running")
      .describe(explain("Suspended takes the vault off the air and keeps its data.", "organization")),
    activityReason: printable(300)
      .optional()
      .describe(explain("Why it is suspended and what lifts that, for its visitors.", "organization")),
    idleAfter: duration()
      .optional()
      .describe(
        explain("How long without a visit before the vault sleeps, for example 30m; never when empty.", "staff"),
      ),
    release: Release.default({ channel: "stable" }),
    maintenanceWindow: MaintenanceWindow.optional(),
    hosts: z
      .array(customHost())
      .max(10)
      .meta({ "x-kubernetes-list-type": "set" })
      .optional()
      .describe(explain("Host names of the organization's own, beside slug.<base domain>.", "organization")),
    limits: mapOf(z.int().min(0).max(Number.MAX_SAFE_INTEGER), 32)
      .optional()
      .describe(explain("Meter limits that replace the plan's, by meter name.", "staff")),
    databaseServer: dnsLabel()
      .optional()
      .describe(explain("The DatabaseServer to live on; chosen by free capacity when empty.", "staff")),
    protected: z
      .boolean()
      .default(false)
      .describe(explain("While true, deleting this Tenant is refused.", "organization")),
    retention: duration()
      .default("720h")
      .describe(explain("How long the data is kept after deletion, for example 720h; 0s keeps nothing.", "staff")),
    restoreFrom: dnsLabel()
      .optional()
      .describe(explain("The RetainedVault whose data this Tenant takes over at its creation.", "staff")),
  }),
  immutable("template", "another application is another vault; create a Tenant with a new name"),
  immutable("restoreFrom", "it is read at creation only; create a Tenant with a new name"),
  {
    rule: "!has(oldSelf.databaseServer) || (has(self.databaseServer) && self.databaseServer == oldSelf.databaseServer)",
    message: "databaseServer cannot change once set: moving to another server is an operation of its own",
    fieldPath: ".databaseServer",
  },
).describe(explain("What the vault is to be.", "organization"));
export type TenantSpec = z.infer<typeof TenantSpec>;

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
