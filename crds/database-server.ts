import { z } from "zod";
import { conditions } from "./condition.ts";
import { dnsLabel, explain, generation, instant, mapOf, matching, rules, uuid } from "./field.ts";

const host = () =>
  matching(
    /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/,
    253,
    "write a host name or an address, for example postgresql.polyphony-system.svc",
  );
const cidr = () =>
  matching(
    /^[0-9a-fA-F.:]+\/[0-9]{1,3}$/,
    64,
    "write a range of addresses with the length of its prefix, for example 10.0.0.7/32",
  );
const port = () => z.int().min(1).max(65535);

const Address = z.object({
  host: host().describe(explain("Host name or address.", "chart")),
  port: port().default(5432).describe(explain("Port.", "chart")),
});

const labels = () =>
  z
    .object({
      matchLabels: mapOf(z.string().max(63), 16).optional().describe(explain("Labels that must match.", "chart")),
    })
    .describe(explain("Which ones, by label.", "chart"));

export const NetworkPeer = rules(
  z.object({
    ipBlock: z
      .object({
        cidr: cidr().describe(explain("The addresses, for example 10.0.0.7/32.", "chart")),
        except: z.array(cidr()).max(16).optional().describe(explain("Addresses left out.", "chart")),
      })
      .optional()
      .describe(explain("By address.", "chart")),
    namespaceSelector: labels().optional(),
    podSelector: labels().optional(),
    ports: z
      .array(
        z.object({
          port: port().describe(explain("The port.", "chart")),
          protocol: z.enum(["TCP", "UDP"]).default("TCP").describe(explain("The protocol.", "chart")),
        }),
      )
      .min(1)
      .max(8)
      .describe(explain("Ports that may be reached there.", "chart")),
  }),
  {
    rule: "has(self.ipBlock) != (has(self.namespaceSelector) || has(self.podSelector))",
    message: "a peer is either an ipBlock or selectors (namespaceSelector, podSelector), not both and not neither",
  },
).describe(explain("Somewhere that pods may connect to, as in a NetworkPolicy.", "chart"));
export type NetworkPeer = z.infer<typeof NetworkPeer>;

export const DatabaseServerSpec = z
  .object({
    connection: z
      .object({
        secretRef: z
          .object({
            namespace: dnsLabel().describe(explain("Namespace of the Secret.", "chart")),
            name: z.string().min(1).max(253).describe(explain("Name of the Secret.", "chart")),
            key: z.string().min(1).max(253).default("url").describe(explain("Its key that holds the URL.", "chart")),
          })
          .describe(
            explain("The Secret with the operator's URL, postgres://role:password@host:5432/postgres.", "chart"),
          ),
        sslMode: z
          .enum(["disable", "require", "verify-full"])
          .default("disable")
          .describe(explain("How connections are protected.", "chart")),
      })
      .describe(explain("How the operator connects.", "chart")),
    address: Address.optional().describe(
      explain("Where vaults connect; the host and port of the operator's URL when empty.", "chart"),
    ),
    capacity: z
      .int()
      .min(1)
      .max(100_000)
      .default(1000)
      .describe(explain("How many tenant databases it may hold.", "chart")),
    region: dnsLabel().optional().describe(explain("Where it stands, for placement.", "chart")),
    class: dnsLabel().default("shared").describe(explain("What kind of server it is, for placement.", "chart")),
    pooler: Address.optional().describe(explain("A PgBouncer before it, which vaults use instead.", "chart")),
    networkPeers: z
      .array(NetworkPeer)
      .max(16)
      .optional()
      .describe(explain("Where vaults and migrations may connect to reach it.", "chart")),
  })
  .describe(explain("A PostgreSQL server, version 15 or later, that holds vaults' databases.", "chart"));
export type DatabaseServerSpec = z.infer<typeof DatabaseServerSpec>;

export const DatabaseServerStatus = z
  .object({
    version: z.string().max(32).optional().describe(explain("The server's version, for example 15.18.", "operator")),
    databases: z.int().min(0).max(1_000_000).optional().describe(explain("Tenant databases on it.", "operator")),
    bytes: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe(explain("Their size on disk in bytes, rounded.", "operator")),
    observedGeneration: generation().optional().describe(explain("The generation judged.", "operator")),
    conditions: conditions().optional(),
  })
  .describe(explain("How the server is.", "operator"));
export type DatabaseServerStatus = z.infer<typeof DatabaseServerStatus>;

export const RetainedVaultSpec = rules(
  z.object({
    vaultId: uuid().describe(explain("The vault's lasting identity.", "operator")),
    slug: dnsLabel().describe(explain("The name its Tenant had.", "operator")),
    organization: z
      .object({
        id: z.string().max(64).describe(explain("The organization's id.", "operator")),
        name: z.string().max(200).describe(explain("The organization's name.", "operator")),
      })
      .describe(explain("Whose vault it was.", "operator")),
    template: dnsLabel(20).describe(explain("Its VaultTemplate.", "operator")),
    release: z.string().max(128).describe(explain("The VaultRelease it ran last.", "operator")),
    databaseServer: dnsLabel().describe(explain("The server that holds its database.", "operator")),
    database: z.string().max(63).describe(explain("Its database.", "operator")),
    keepUntil: instant().describe(
      "Until when the data is kept. Written by the operator; platform staff may set it later or earlier.",
    ),
  }),
  {
    rule: "self.vaultId == oldSelf.vaultId && self.databaseServer == oldSelf.databaseServer && self.database == oldSelf.database && self.slug == oldSelf.slug && self.organization == oldSelf.organization && self.template == oldSelf.template && self.release == oldSelf.release",
    message: "only keepUntil can change in a RetainedVault; the rest is a record of what was deleted",
  },
).describe(explain("What a deleted Tenant leaves behind for its retention time.", "operator"));
export type RetainedVaultSpec = z.infer<typeof RetainedVaultSpec>;

const retainedPhases = ["Kept", "Restoring", "Restored", "Purging", "Purged"] as const;

export const RetainedVaultStatus = z
  .object({
    phase: z
      .enum(retainedPhases)
      .optional()
      .describe(explain("What became of it: Kept, being restored or restored, being purged or purged.", "operator")),
    message: z.string().max(2048).optional().describe(explain("What is so, and what to do next.", "operator")),
    restoredBy: z
      .object({
        tenant: dnsLabel().describe(explain("Its name.", "operator")),
        uid: uuid().describe(explain("Its UID.", "operator")),
      })
      .optional()
      .describe(explain("The Tenant that takes the vault over, or has done so.", "operator")),
    settledAt: instant().optional().describe(explain("When it was restored or purged.", "operator")),
    conditions: conditions().optional(),
  })
  .describe(explain("What became of it.", "operator"));
export type RetainedVaultStatus = z.infer<typeof RetainedVaultStatus>;
