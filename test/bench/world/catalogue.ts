import { randomBytes } from "node:crypto";
import pg from "pg";
import type { DatabaseServer, TenantSpec, VaultRelease, VaultTemplate } from "../../../crds/index.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import type { Kube } from "../../../kube/kube.ts";
import { applyCrds } from "../../../operator/apply-crds.ts";
import { goldenName, templateRoles } from "../../../operator/database/names.ts";
import { createPgServers } from "../../../operator/database/pg-servers.ts";
import { scramVerifier } from "../../../operator/database/scram.ts";
import type { DatabaseServer as ServerHandle, GoldenSpec } from "../../../operator/database/tenant-database.ts";
import { createLog } from "../../../operator/engine/log.ts";
import { schema } from "./schema.ts";

export const systemNamespace = "polyphony-system";
export const templateName = "choir";
const version = "1.0.0";
const releaseName = `${templateName}-${version}`;
export const digest = `sha256:${"b".repeat(64)}`;
export const serverName = "main";
export const capacity = 10_000;

export const goldenSpec: GoldenSpec = {
  database: goldenName(releaseName, digest),
  release: releaseName,
  template: templateName,
  digest,
  schemaVersion: 1,
  writableWhenReadOnly: [],
};

/** Deleted, such a tenant leaves nothing. */
export const tenantSpec = (slug: string) =>
  ({
    organization: { id: `org_${slug}`, name: `Choir ${slug}` },
    template: templateName,
    plan: "free",
    owner: { email: `owner@${slug}.example`, name: "Kari Nordmann" },
    retention: "0s",
  }) satisfies Partial<TenantSpec>;

const plan = {
  replicas: 1,
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "192Mi" },
  quota: { cpu: "2", memory: "1Gi", pods: 5 },
  databaseConnections: 10,
};

const templateSpec = {
  displayName: "Choir",
  image: { repository: "registry.example/polyphony-vault" },
  port: 8080,
  internalPort: 9090,
  contract: "v1",
  channels: { stable: version },
  plans: { free: plan, trial: plan },
};

const releaseSpec = { template: templateName, version, image: { digest }, schemaVersion: 1 };

const serverSpec = {
  connection: { secretRef: { namespace: systemNamespace, name: "postgresql", key: "url" }, sslMode: "disable" },
  capacity,
  class: "shared",
  networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432, protocol: "TCP" }] }],
};

/** The server as the operator speaks to it, under an instance of its own: it does not fence off the operator measured. */
export const connectServer = async (
  operatorUrl: string,
  maxInFlight = 8,
): Promise<{ server: ServerHandle; close: () => Promise<void> }> => {
  const clock = { now: () => new Date() };
  const instance = `bench-${randomBytes(3).toString("hex")}`;
  const servers = createPgServers({ epoch: 1, instance, holder: instance, clock, maxInFlight });
  const server = await servers.connect(serverName, { url: operatorUrl, sslMode: "disable", capacity });
  return { server, close: () => servers.close() };
};

/** The golden template with its tables, as a migration run would leave it. */
export const makeGolden = async (operatorUrl: string, spec: GoldenSpec = goldenSpec): Promise<void> => {
  const { server, close } = await connectServer(operatorUrl);
  const password = randomBytes(12).toString("hex");
  const validUntil = new Date(Date.now() + 3_600_000);
  await server.createGoldenDraft(spec, { verifier: scramVerifier(password), validUntil });
  const user = templateRoles(spec.template).migrator;
  const client = new pg.Client({ connectionString: server.urlFor({ database: spec.database, user, password }) });
  await client.connect();
  await client.query(schema);
  await client.end();
  await server.finishGolden(spec);
  await close();
};

/** What an administrator makes once: the kinds, a database server, a template, a release. */
export const applyCatalogue = async (kube: Kube, operatorUrl: string): Promise<void> => {
  const log = createLog("bench", "error");
  await applyCrds(kube, log, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  for (const name of [systemNamespace, "polyphony-migrations"]) {
    await kube.create(kinds.namespace, { metadata: { name } });
  }
  const data = { url: Buffer.from(operatorUrl).toString("base64") };
  await kube.create(kinds.secret, { metadata: { name: "postgresql", namespace: systemNamespace }, data });
  await kube.create(kinds.vaultTemplate, { metadata: { name: templateName }, spec: templateSpec });
  await kube.create(kinds.vaultRelease, { metadata: { name: releaseName }, spec: releaseSpec });
  await kube.create(kinds.databaseServer, { metadata: { name: serverName }, spec: serverSpec });
};

/** The catalogue with the defaults that the API server has put in. */
export const readCatalogue = async (kube: Kube) => ({
  template: await kube.get(typed<VaultTemplate>(kinds.vaultTemplate), { name: templateName }),
  release: await kube.get(typed<VaultRelease>(kinds.vaultRelease), { name: releaseName }),
  server: await kube.get(typed<DatabaseServer>(kinds.databaseServer), { name: serverName }),
});
