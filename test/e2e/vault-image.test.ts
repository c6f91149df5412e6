import { afterAll, beforeAll, describe } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { startTcpForwarder } from "../../cluster/forward/tcp-forwarder.ts";
import { layout } from "../../cluster/local/layout.ts";
import { readClusterState, stateFiles } from "../../cluster/state.ts";
import { kinds } from "../../kube/kinds.ts";
import { neededSchemaVersion } from "../../vault-template/db/migrations/index.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { meters } from "../../vault-template/meters.ts";
import { choirProbes } from "../contract/choir-probes.ts";
import { podNames } from "../contract/image-pod.ts";
import { imageTarget } from "../contract/image-target.ts";
import { templateDatabases } from "../contract/template-databases.ts";
import { vaultContract } from "../contract/vault-contract.ts";
import type { ContractGround } from "../contract/vault-target.ts";
import { startPostgres, type PostgresServer } from "../harness/postgres.ts";
import { startMailCatcher } from "../stand-ins/mail-catcher/start.ts";
import { openDemo, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";

const label = "polyphony.dev/vault-image-test";

let demo: Demo;
let ground: ContractGround;
/** What beforeAll has started, last first. */
const stops: (() => unknown)[] = [];

/** The image under test: VAULT_IMAGE, or the demo's own. */
const vaultImage = async (): Promise<string> => {
  const given = process.env["VAULT_IMAGE"];
  if (given) return given;
  return z.object({ vault: z.string() }).parse(JSON.parse(await readFile(stateFiles.images, "utf8"))).vault;
};

/** A namespace where only pods that keep to `restricted` are let in. */
const makeNamespace = async (): Promise<string> => {
  const name = `vault-image-${randomBytes(4).toString("hex")}`;
  const labels = { [label]: "true", "pod-security.kubernetes.io/enforce": "restricted" };
  await demo.kube.create(kinds.namespace, { metadata: { name, labels } });
  await demo.kube.create(kinds.serviceAccount, { metadata: { name: podNames.account, namespace: name } });
  return name;
};

/** Also what an earlier run left that was killed. */
const removeNamespaces = async (): Promise<void> => {
  const ours = () => demo.kube.list(kinds.namespace, { labelSelector: label });
  for (const { metadata } of await ours()) await demo.kube.delete(kinds.namespace, { name: metadata?.name ?? "" });
  await eventually("the test's namespaces are gone", async () => (await ours()).length === 0);
};

/** PostgreSQL listens on 127.0.0.1 only; on the bridge, one URL is right for the pods and for this process. */
const onTheBridge = async (postgres: PostgresServer): Promise<string> => {
  const route = { port: 0, namespace: "", service: "PostgreSQL", servicePort: postgres.port, http: false };
  const lookup = Object.assign(() => Promise.resolve(postgres.host), { forget: () => undefined });
  const bridge = await startTcpForwarder(route, lookup, layout.bridgeAddress);
  stops.unshift(() => bridge.close());
  const url = new URL(postgres.adminUrl);
  url.host = `${layout.bridgeAddress}:${(bridge.address() as AddressInfo).port}`;
  return url.href;
};

// Pods must reach a PostgreSQL and a mail server of this process, and it must reach them: so does only the local cluster.
const here = ((await readClusterState())?.kind ?? "local") === "local" ? describe : describe.skip;

here("V1, V5, R3, R5: the vault's image, in pods", () => {
  beforeAll(async () => {
    demo = await openDemo();
    stops.unshift(() => demo.close());
    await removeNamespaces();
    const postgres = await startPostgres();
    stops.unshift(() => postgres.stop());
    const mail = await startMailCatcher({ smtp: 0, http: 0, host: layout.bridgeAddress });
    stops.unshift(() => mail.stop());
    stops.unshift(removeNamespaces);
    const databases = templateDatabases(await onTheBridge(postgres), writableWhenReadOnly);
    ground = {
      target: imageTarget({ demo, image: await vaultImage(), namespace: await makeNamespace() }),
      declared: { schemaVersion: neededSchemaVersion, meters, writableWhenReadOnly },
      probes: choirProbes(mail.mailbox),
      smtpUrl: `smtp://${layout.bridgeAddress}:${mail.smtpPort}`,
      newDatabase: databases.create,
    };
  });

  // The databases go with their server.
  afterAll(async () => {
    const failures: unknown[] = [];
    for (const stop of stops) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "Not everything of the test could be removed");
  });

  vaultContract(() => ground);
});
