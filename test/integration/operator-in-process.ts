import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tenant } from "../../crds/index.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { parseConfig } from "../../operator/config.ts";
import { goldenName } from "../../operator/database/names.ts";
import { silentLog } from "../../operator/engine/log.ts";
import { createEngineMetrics, type EngineMetrics } from "../../operator/engine/metrics.ts";
import { fieldManager, labels } from "../../operator/tenant/names.ts";
import { createWork } from "../../operator/work.ts";
import { aRelease, aTemplate, aTenant } from "../builders/a-world.ts";
import { openRealPostgres } from "../contract/real-postgres.ts";
import { aGolden, migratorPassword, soon } from "../contract/tenant-database-kit.ts";
import { started } from "../harness/started.ts";

/** A whole operator in this process on the run's API server and PostgreSQL, with a template, a release and a server of its own. */
export interface OperatorInProcess {
  kube: LiveKube;
  metrics: EngineMetrics;
  names: { instance: string; template: string; release: string; server: string };
  /** A Tenant of this operator, as a person would write it. */
  tenant(slug: string, spec?: Partial<Tenant["spec"]>): KubeObject;
  stop(): Promise<void>;
}

/** `also`: further variables of the operator's environment. */
export const startOperator = async (also: Record<string, string> = {}): Promise<OperatorInProcess> => {
  const suffix = randomBytes(3).toString("hex");
  const names = { instance: `drift-${suffix}`, template: `drift-${suffix}`, server: `drift-${suffix}` };
  const release = `${names.template}-1.0.0`;
  const digest = `sha256:${randomBytes(32).toString("hex")}`;
  const kube = createLiveKube({ access: clusterAccess(started.kubeconfig()), fieldManager });
  const postgres = await openRealPostgres({ adminUrl: started.adminUrl(), operatorUrl: started.operatorUrl() });
  const golden = aGolden({
    database: goldenName(release, digest),
    release,
    digest,
    template: names.template,
    schemaVersion: 1,
  });
  const { server } = await postgres.start({ instance: `golden-${suffix}`, epoch: 1 });
  await server.createGoldenDraft(golden, soon());
  await postgres.migrate(golden, migratorPassword);
  await server.finishGolden(golden);
  await publish(kube, { ...names, release, digest });
  const folder = await mkdtemp(join(tmpdir(), "polyphony-operator-"));
  const masterKey = join(folder, "master-key");
  await writeFile(masterKey, randomBytes(32).toString("base64"));
  const metrics = createEngineMetrics({ processMetrics: false });
  const lost = new AbortController();
  const leadership = { epoch: 1, signal: lost.signal, holds: () => true, release: () => Promise.resolve() };
  const config = parseConfig({
    NAMESPACE: "default",
    MIGRATIONS_NAMESPACE: "default",
    INSTANCE: names.instance,
    PUBLIC_URL_TEMPLATE: "http://{slug}.example.org",
    MASTER_KEY_FILE: masterKey,
    MAIL_FROM: "Polyphony <no-reply@example.org>",
    POD_NAME: "operator-0",
    KUBECONFIG: started.kubeconfig(),
    ...also,
  });
  const work = createWork(
    { config, kube, metrics, log: silentLog(), onFenced: (error) => lost.abort(error), fenced: () => false },
    leadership,
  );
  await Promise.all(work.controllers.map((controller) => controller.start()));
  return {
    kube,
    metrics,
    names: { ...names, release },
    tenant: (slug, spec = {}) => ({
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "Tenant",
      metadata: { name: slug, labels: { [labels.instance]: names.instance } },
      spec: { ...aTenant().spec, template: names.template, databaseServer: names.server, retention: "0s", ...spec },
    }),
    async stop() {
      await Promise.all(work.controllers.map((controller) => controller.stop(5_000)));
      await work.close?.();
      await withdraw(kube, { ...names, release });
      await postgres.stop();
      await rm(folder, { recursive: true });
      kube.close();
    },
  };
};

type Published = { template: string; release: string; server: string; digest: string };

const publish = async (kube: LiveKube, { template, release, server, digest }: Published): Promise<void> => {
  const apply = (object: unknown, kind: (typeof kinds)["vaultTemplate"]) =>
    kube.apply(kind, object as KubeObject, { force: true });
  const plans = { free: { ...aTemplate().spec.plans.free, replicas: 2 } };
  await apply(
    { ...head("VaultTemplate", template), spec: { ...aTemplate().spec, plans, writableWhenReadOnly: ["sign_in"] } },
    kinds.vaultTemplate,
  );
  await apply(
    { ...head("VaultRelease", release), spec: { ...aRelease().spec, template, image: { digest } } },
    kinds.vaultRelease,
  );
  await kube.apply(
    kinds.secret,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: server, namespace: "default" },
      data: { url: Buffer.from(started.operatorUrl()).toString("base64") },
    },
    { force: true },
  );
  const connection = { secretRef: { namespace: "default", name: server, key: "url" }, sslMode: "disable" };
  await apply(
    { ...head("DatabaseServer", server), spec: { connection, capacity: 100, class: "shared" } },
    kinds.databaseServer,
  );
};

const head = (kind: string, name: string) => ({ apiVersion: "polyphony.dev/v1alpha1", kind, metadata: { name } });

const withdraw = async (kube: LiveKube, names: Omit<Published, "digest">): Promise<void> => {
  const all = [
    [kinds.vaultRelease, names.release],
    [kinds.vaultTemplate, names.template],
    [kinds.databaseServer, names.server],
  ] as const;
  for (const [kind, name] of all) {
    await kube.patch(kind, { name }, { metadata: { finalizers: null } }).catch(() => undefined);
    await kube.delete(kind, { name }).catch(() => undefined);
  }
};
