import { badSlugs, badTenants } from "./bad-tenants.ts";
import { aPlan, goodObjects, type Draft } from "./good-objects.ts";
import { mistakesOf, set, without, type Mistake } from "./mistake.ts";

const template = mistakesOf("VaultTemplate");
const templates: Mistake[] = [
  template("a name of 21 characters", set("metadata.name", "c".repeat(21)), "metadata.name", "for example choir"),
  template("a name that begins with a digit", set("metadata.name", "1choir"), "metadata.name", "for example choir"),
  template(
    "an image with a tag in capitals",
    set("spec.image.repository", "choir:LATEST"),
    "spec.image.repository",
    "without tag or digest",
  ),
  template(
    "an image with a tag",
    set("spec.image.repository", "registry.example.org/choir:1.4.0"),
    "spec.image.repository",
    "without tag or digest",
  ),
  template(
    "an image with a digest",
    set("spec.image.repository", "choir@sha256:00"),
    "spec.image.repository",
    "without tag or digest",
  ),
  template("no plans", set("spec.plans", {}), "spec.plans", "at least one plan"),
  template("a plan that is misspelt", set("spec.plans", { "Tier 1": aPlan() }), "spec.plans", "lower-case letters"),
  template("a plan without limits", without("spec.plans.free.limits"), "spec.plans.free.limits", "Required value"),
  template(
    "memory in megabytes",
    set("spec.plans.free.limits.memory", "128MB"),
    "spec.plans[free].limits.memory",
    "such as 250m, 1 or 128Mi",
  ),
  template(
    "negative processor",
    set("spec.plans.free.requests.cpu", "-1"),
    "spec.plans[free].requests.cpu",
    "such as 250m",
  ),
  template(
    "a quota of one pod",
    set("spec.plans.free.quota.pods", 1),
    "spec.plans.free.quota.pods",
    "greater than or equal to 2",
  ),
  template("no replicas", set("spec.plans.free.replicas", 0), "spec.plans.free.replicas", "greater than or equal to 1"),
  template("a privileged port", set("spec.port", 80), "spec.port", "greater than or equal to 1024"),
  template("one port for both", set("spec.port", 9090), "spec.internalPort", "another port"),
  template("a contract of the future", set("spec.contract", "v9"), "spec.contract", '"v1"'),
  template(
    "a meter name with a hyphen",
    set("spec.meters", [{ name: "disk-bytes", sql: "select 1" }]),
    "spec.meters[0].name",
    "underscores",
  ),
  template(
    "the same meter twice",
    set("spec.meters", [
      { name: "members", sql: "select 1" },
      { name: "members", sql: "select 2" },
    ]),
    "spec.meters[1]",
    "Duplicate value",
  ),
  template(
    "a table with a quote",
    set("spec.writableWhenReadOnly", ['x"; drop table member; --']),
    "spec.writableWhenReadOnly[0]",
    "underscores",
  ),
  template(
    "a channel at no version",
    set("spec.channels", { stable: "latest" }),
    "spec.channels[stable]",
    "for example 1.4.0",
  ),
  template(
    "a negative meter limit",
    set("spec.plans.free.meterLimits", { members: -5 }),
    "spec.plans.free.meterLimits.members",
    "greater than or equal to 0",
  ),
];

const release = mistakesOf("VaultRelease");
const releases: Mistake[] = [
  release(
    "a name that is not template-version",
    set("metadata.name", "choir-latest"),
    "metadata.name",
    "for example choir-1.4.0",
  ),
  release("a tag for a digest", set("spec.image.digest", "1.4.0"), "spec.image.digest", "sha256:"),
  release(
    "a digest of 63 digits",
    set("spec.image.digest", `sha256:${"0".repeat(63)}`),
    "spec.image.digest",
    "64 hexadecimal",
  ),
  release("schema version 0", set("spec.schemaVersion", 0), "spec.schemaVersion", "greater than or equal to 1"),
  release("no schema version", without("spec.schemaVersion"), "spec.schemaVersion", "Required value"),
  release("a version of one number", set("spec.version", "1"), "spec.version", "for example 1.4.0"),
  release("an empty command", set("spec.commands", { serve: [] }), "spec.commands.serve", "at least 1"),
  release("a command as text", set("spec.commands", { migrate: "sh -c migrate" }), "spec.commands.migrate", "array"),
];

const server = mistakesOf("DatabaseServer");
const servers: Mistake[] = [
  server("no connection", without("spec.connection"), "spec.connection", "Required value"),
  server(
    "a password in the resource",
    set("spec.connection.password", "x"),
    "spec.connection.password",
    "unknown field",
  ),
  server(
    "a Secret without a namespace",
    without("spec.connection.secretRef.namespace"),
    "spec.connection.secretRef.namespace",
    "Required value",
  ),
  server(
    "a sslMode that PostgreSQL has and we do not",
    set("spec.connection.sslMode", "prefer"),
    "spec.connection.sslMode",
    '"disable", "require"',
  ),
  server(
    "a host with a scheme",
    set("spec.address", { host: "postgres://db" }),
    "spec.address.host",
    "for example postgresql.polyphony-system.svc",
  ),
  server("port 0", set("spec.address", { host: "db", port: 0 }), "spec.address.port", "greater than or equal to 1"),
  server(
    "port 65536",
    set("spec.pooler", { host: "db", port: 65536 }),
    "spec.pooler.port",
    "less than or equal to 65535",
  ),
  server("room for nobody", set("spec.capacity", 0), "spec.capacity", "greater than or equal to 1"),
  server(
    "a peer that is nobody",
    set("spec.networkPeers", [{ ports: [{ port: 5432 }] }]),
    "spec.networkPeers[0]",
    "either an ipBlock or selectors",
  ),
  server(
    "a peer that is both",
    set("spec.networkPeers", [{ ipBlock: { cidr: "10.0.0.7/32" }, podSelector: {}, ports: [{ port: 5432 }] }]),
    "spec.networkPeers[0]",
    "either an ipBlock or selectors",
  ),
  server(
    "a peer without ports",
    set("spec.networkPeers", [{ podSelector: {} }]),
    "spec.networkPeers[0].ports",
    "Required value",
  ),
  server(
    "a peer at an address without a mask",
    set("spec.networkPeers", [{ ipBlock: { cidr: "10.0.0.7" }, ports: [{ port: 5432 }] }]),
    "spec.networkPeers[0].ipBlock.cidr",
    "for example 10.0.0.7/32",
  ),
  server(
    "SCTP",
    set("spec.networkPeers", [{ podSelector: {}, ports: [{ port: 5432, protocol: "SCTP" }] }]),
    "spec.networkPeers[0].ports[0].protocol",
    '"TCP", "UDP"',
  ),
];

const retained = mistakesOf("RetainedVault");
const retainedVaults: Mistake[] = [
  retained("a vault id that is none", set("spec.vaultId", "alto"), "spec.vaultId", "UUID in lower case"),
  retained(
    "a vault id in capitals",
    set("spec.vaultId", "0B0E2A5E-6C1D-4B38-9A51-0D6A0F2F4E11"),
    "spec.vaultId",
    "UUID in lower case",
  ),
  retained("no end", without("spec.keepUntil"), "spec.keepUntil", "Required value"),
  retained("an end that is no instant", set("spec.keepUntil", "in a month"), "spec.keepUntil", "date-time"),
  retained("30 February", set("spec.keepUntil", "2030-02-30T00:00:00Z"), "spec.keepUntil", "date-time"),
  retained("a database name of 64 characters", set("spec.database", "v".repeat(64)), "spec.database", "more than 63"),
];

/** Every mistake of the table, made into an object. */
export const badObjects = [...badSlugs, ...badTenants, ...templates, ...releases, ...servers, ...retainedVaults].map(
  (row) => {
    const object: Draft = goodObjects[row.kind]();
    row.spoil(object);
    return { ...row, object };
  },
);
