import { format } from "prettier";
import { z } from "zod";

/** The shape of the chart's values; `generate.ts` writes values.schema.json from it, which refuses names not here. */
const text = () => z.string();
const name = () => z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const optionalName = () => z.string().regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/);
const optionalDigest = () => z.string().regex(/^(sha256:[a-f0-9]{64})?$/);
const port = () => z.int().min(1).max(65535);
const quantity = () => z.string().regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/);
const texts = () => z.record(z.string(), z.string());

const image = z.strictObject({
  repository: z.string().regex(/^[a-z0-9][a-z0-9._:/-]*$/),
  tag: text(),
  digest: optionalDigest(),
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]),
});
const amounts = z.strictObject({ cpu: quantity().optional(), memory: quantity().optional() });
const resources = z.strictObject({ requests: amounts.optional(), limits: amounts.optional() });
const tolerations = z.array(z.looseObject({}));

const policyPort = z.strictObject({ port: port(), protocol: z.enum(["TCP", "UDP"]).optional() });
const selector = z.strictObject({ matchLabels: texts().optional() });
const ipBlock = z.strictObject({ cidr: text(), except: z.array(text()).optional() });
const peer = { ipBlock: ipBlock.optional(), namespaceSelector: selector.optional(), podSelector: selector.optional() };
const peersWithPorts = z.array(z.strictObject({ ...peer, ports: z.array(policyPort).min(1) })).max(16);

const ownSecret = { existingSecret: optionalName(), key: z.string().min(1) };

const workload = {
  image,
  replicas: z.int().min(1).max(20),
  resources,
  env: texts(),
  podAnnotations: texts(),
  nodeSelector: texts(),
  tolerations,
  affinity: z.looseObject({}),
};

const exact = z.strictObject({ cpu: quantity(), memory: quantity() });
const plan = z.strictObject({
  replicas: z.int().min(1).max(10).optional(),
  requests: exact,
  limits: exact,
  quota: z.strictObject({ cpu: quantity(), memory: quantity(), pods: z.int().min(2).max(1000) }),
  meterLimits: z.record(z.string(), z.int().min(0)).optional(),
  databaseConnections: z.int().min(1).max(1000).optional(),
});

const version = () => z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]*[0-9a-z])?$/);

export const Values = z.strictObject({
  global: z.looseObject({}).optional(),
  baseDomain: name(),
  publicUrlTemplate: z.string().regex(/^(https?:\/\/\{slug\}\.[^{}/]+)?$/),
  instance: z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/)
    .max(40),
  clusterDomain: name(),
  registryUrl: z.string().regex(/^(https?:\/\/.+)?$/),
  rotateSecretsAfter: z
    .string()
    .regex(/^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$/)
    .min(2),
  deletionBreaker: z.strictObject({
    enabled: z.boolean(),
    tenantsPerHour: z.int().min(0).max(1_000_000),
    percentPerHour: z.number().min(0).max(100),
  }),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error"]),
  imagePullSecrets: z.array(name()),
  platformHosts: z.array(name()),
  reservedSlugs: z.array(name()),
  masterKey: z.strictObject(ownSecret),
  mail: z.strictObject({ ...ownSecret, smtpUrl: z.string().regex(/^(smtps?:\/\/.+)?$/), from: text() }),
  egress: z.strictObject({
    dns: peersWithPorts,
    mail: peersWithPorts,
    storage: peersWithPorts,
    registry: peersWithPorts,
  }),
  operator: z.strictObject(workload),
  gateway: z.strictObject({
    ...workload,
    service: z.strictObject({
      type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]),
      port: port(),
      annotations: texts(),
    }),
    trustedProxies: z.array(text()),
  }),
  controlApi: z.strictObject({
    ...workload,
    enabled: z.boolean(),
    publicUrl: z.string().regex(/^(https?:\/\/[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?\/?)?$/),
    firstAdmin: z.strictObject({ email: z.string().regex(/^([^\s@]+@[^\s@]+)?$/), name: text() }),
    approval: z.enum(["automatic", "staff"]),
    trialDays: z.int().min(0).max(365),
    mostOwnedOrganizations: z.int().min(1).max(10_000),
    tokenKey: z.strictObject(ownSecret),
    metricsFrom: z.array(z.strictObject(peer)),
  }),
  controlWorker: z.strictObject({ ...workload, kubernetesPeers: peersWithPorts }).omit({ image: true }),
  registry: z.strictObject({
    database: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
    existingSecret: optionalName(),
    networkPeers: peersWithPorts,
  }),
  externalRedis: z.strictObject({ ...ownSecret, networkPeers: peersWithPorts }),
  redis: z.strictObject({
    enabled: z.boolean(),
    image,
    runAsUser: z.int().min(1),
    auth: z.strictObject({ existingSecret: optionalName() }),
    maxMemory: z.string().regex(/^[0-9]+(kb|mb|gb)$/),
    resources,
    nodeSelector: texts(),
    tolerations,
  }),
  databaseServer: z.strictObject({
    name: name(),
    capacity: z.int().min(1).max(100_000),
    region: optionalName(),
    class: name(),
  }),
  externalDatabase: z.strictObject({
    ...ownSecret,
    sslMode: z.enum(["disable", "require", "verify-full"]),
    networkPeers: peersWithPorts,
  }),
  postgresql: z.strictObject({
    enabled: z.boolean(),
    image,
    runAsUser: z.int().min(1),
    auth: z.strictObject({ existingSecret: optionalName() }),
    storage: z.strictObject({ size: quantity(), storageClass: optionalName() }),
    settings: texts(),
    resources,
    allowFrom: z.array(z.strictObject(peer)),
    nodeSelector: texts(),
    tolerations,
  }),
  migrations: z.strictObject({ namespace: name() }),
  template: z.strictObject({
    enabled: z.boolean(),
    name: name().max(20),
    displayName: z.string().min(1).max(100),
    repository: image.shape.repository,
    release: z.strictObject({ version: version(), digest: optionalDigest(), schemaVersion: z.int().min(1) }),
    releases: z.array(
      z.strictObject({
        version: version(),
        digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
        schemaVersion: z.int().min(1),
      }),
    ),
    channels: z.record(z.string(), version()),
    plans: z.record(z.string(), plan),
  }),
  admissionPolicies: z.strictObject({ enabled: z.boolean() }),
  alerts: z.strictObject({
    enabled: z.boolean(),
    kind: z.enum(["ConfigMap", "PrometheusRule"]),
    labels: texts(),
    runbookUrl: z.url({ protocol: /^https?$/ }),
  }),
});

/** values.schema.json as text; draft 7, which every Helm of today reads. */
export const valuesSchema = (): Promise<string> => {
  const { $schema, ...rest } = z.toJSONSchema(Values, { target: "draft-7", io: "input" });
  const schema = { $schema, title: "Values of the Polyphony chart", ...rest };
  return format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
};
