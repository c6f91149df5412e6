import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { parse } from "yaml";
import { clusterAccess } from "../../../kube/cluster-access.ts";
import { createLiveKube, type LiveKube } from "../../../kube/live-kube.ts";
import { buildOperator } from "../../../operator/build.ts";
import { startControlPlane } from "../../harness/control-plane.ts";
import { startFakeNodes } from "../../harness/fake-nodes.ts";
import { startPostgres } from "../../harness/postgres.ts";
import { applyCatalogue, makeGolden } from "./catalogue.ts";

/** Where everything is; plain values, so that one world serves several programs in turn. */
export type WorldPlace = {
  kubeconfig: string;
  /** PostgreSQL's administrator, and the operator's own role. */
  adminUrl: string;
  operatorUrl: string;
  /** The operator's bundle, its master key and its logs. */
  folder: string;
};

/** A control plane with pods that are pretended, and a PostgreSQL that is real; both wait for the disk. */
export type World = WorldPlace & {
  kube: LiveKube;
  /** What all was measured on, beside the machine. */
  facts: readonly string[];
  close(): Promise<void>;
};

/** The variable by which a program is told of a world that is there already. */
export const worldVariable = "POLYPHONY_BENCH_WORLD";

/** What is told to a program that shares a world. */
export const placeOf = ({ kubeconfig, adminUrl, operatorUrl, folder }: WorldPlace): WorldPlace => ({
  kubeconfig,
  adminUrl,
  operatorUrl,
  folder,
});

/** The settings of PostgreSQL that the chart brings. */
export const chartSettings = async (): Promise<Record<string, string>> => {
  const path = join(import.meta.dirname, "../../../charts/polyphony/values.yaml");
  const values = parse(await readFile(path, "utf8")) as { postgresql: { settings: Record<string, string> } };
  const entries = Object.entries(values.postgresql.settings);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll(/^'|'$/g, "")]));
};

const factsOf = async (adminUrl: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query<{ version: string; fsync: string }>(
    "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('fsync') AS fsync",
  );
  await client.end();
  const { version = "?", fsync = "?" } = rows[0] ?? {};
  return [
    "Kubernetes with etcd's fsync on, pods by kwok",
    `PostgreSQL ${version}, fsync ${fsync}, the chart's settings`,
  ];
};

const start = async (): Promise<WorldPlace & { stop: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-bench-"));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const [controlPlane, postgres] = await Promise.all([
      startControlPlane({ fsync: true, scheduler: true }),
      startPostgres(await chartSettings()),
      buildOperator(folder),
    ]);
    stops.push(() => controlPlane.stop());
    stops.push(() => postgres.stop());
    const nodes = await startFakeNodes(controlPlane, 2);
    stops.push(() => nodes.stop());
    await writeFile(join(folder, "master-key"), randomBytes(32).toString("base64"));
    const kube = createLiveKube({ access: clusterAccess(controlPlane.kubeconfigPath), fieldManager: "bench" });
    await makeGolden(postgres.operatorUrl);
    await applyCatalogue(kube, postgres.operatorUrl);
    kube.close();
    const { adminUrl, operatorUrl } = postgres;
    return { kubeconfig: controlPlane.kubeconfigPath, adminUrl, operatorUrl, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The world that the environment names, or a new one; `close` ends what was begun here. */
export const openWorld = async (): Promise<World> => {
  const given = process.env[worldVariable];
  const { stop, ...place } = given
    ? { ...(JSON.parse(given) as WorldPlace), stop: () => Promise.resolve() }
    : await start();
  const kube = createLiveKube({ access: clusterAccess(place.kubeconfig), fieldManager: "bench", maxInFlight: 32 });
  return {
    ...place,
    kube,
    facts: await factsOf(place.adminUrl),
    close: async () => {
      kube.close();
      await stop();
    },
  };
};
