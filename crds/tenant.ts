import { z } from "zod";
import { dnsLabel, duration, explain, mapOf, matching, rules, semanticVersion } from "./field.ts";
import { Organization, Owner, printable } from "./organization.ts";

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
    adoptDatabase: z
      .object({
        name: matching(
          /^[A-Za-z0-9_][A-Za-z0-9_.$-]*$/,
          63,
          "write a database's name of letters, digits, underscores, dots, hyphens and dollars, for example old_choir",
        ).describe(explain("Its name now, for example old_choir.", "staff")),
      })
      .optional()
      .describe(
        explain(
          "An existing database on spec.databaseServer that becomes this vault's own, with all that is in it.",
          "staff",
        ),
      ),
  }),
  immutable("template", "another application is another vault; create a Tenant with a new name"),
  immutable("restoreFrom", "it is read at creation only; create a Tenant with a new name"),
  immutable("adoptDatabase", "it is read at creation only; create a Tenant with a new name"),
  {
    rule: "!has(self.adoptDatabase) || has(self.databaseServer)",
    message: "adoptDatabase needs databaseServer: name the DatabaseServer on which that database is",
    fieldPath: ".adoptDatabase",
  },
  {
    rule: "!has(self.adoptDatabase) || !has(self.restoreFrom)",
    message: "adoptDatabase and restoreFrom both say where the data comes from: leave one of them out",
    fieldPath: ".adoptDatabase",
  },
  {
    rule: "!has(oldSelf.databaseServer) || (has(self.databaseServer) && self.databaseServer == oldSelf.databaseServer)",
    message: "databaseServer cannot change once set: moving to another server is an operation of its own",
    fieldPath: ".databaseServer",
  },
).describe(explain("What the vault is to be.", "organization"));
export type TenantSpec = z.infer<typeof TenantSpec>;

export { phases, type Phase, TenantStatus } from "./tenant-status.ts";
