import { randomBytes } from "node:crypto";
import type { RetainedVault, Tenant } from "../../crds/index.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import type { BreakerSettings } from "../../operator/deletion/deletion-breaker.ts";
import { annotations, namespaceOf } from "../../operator/tenant/names.ts";
import { aTenant } from "../builders/a-world.ts";
import { eventually } from "../harness/eventually.ts";
import {
  calm,
  type DeletionStage,
  type Kill,
  type OperatorUnderTest,
  retainedKind,
  startOperator,
  tenantKind,
} from "./deletion-stage.ts";

export type DeletionContractOptions = {
  /** Every how many writes of the operator it is killed at one; 1 is each. */
  everyKill: number;
  /** How long an end state may take, in milliseconds. */
  withinMs: number;
};

/** Many vaults are deleted within minutes where operators are killed; the breaker has tests of its own. */
const unasked: BreakerSettings = { ...calm, tenantsPerHour: 100_000 };

export const newSlug = (): string => `v-${randomBytes(4).toString("hex")}`;

type Wishes = Partial<Tenant["spec"]>;
export type Vault = { slug: string; vaultId: string; row: string };

/** What a person and a look from outside can do on a stage, and the operator that works there. */
export const createDeletionScene = (
  stageNow: () => DeletionStage,
  { everyKill, withinMs }: DeletionContractOptions,
) => {
  let epoch = 0;
  let operator: OperatorUnderTest | undefined;
  const start = async (breaker: BreakerSettings = calm): Promise<OperatorUnderTest> => {
    await operator?.stop();
    epoch += 1;
    operator = await startOperator(stageNow(), epoch, breaker);
    return operator;
  };
  const soon = <T>(what: string, look: () => Promise<T | undefined | false>) =>
    eventually(what, look, { withinMs, everyMs: 10 });
  const find = (slug: string) => stageNow().kube.find(tenantKind, { name: slug });
  const records = async (slug: string): Promise<RetainedVault[]> =>
    (await stageNow().kube.list(retainedKind)).filter(({ spec }) => spec.slug === slug);
  const conditionOf = (object: Tenant | RetainedVault | undefined, type: string) =>
    object?.status?.conditions?.find((condition) => condition.type === type);

  const apply = async (slug: string, wishes: Wishes = {}, metadata: object = {}): Promise<void> => {
    const { spec } = aTenant({ spec: { template: stageNow().template, ...wishes } as never });
    const [label = "", value = ""] = stageNow().selector.split("=");
    const labels = label === "" ? {} : { [label]: value };
    const made = { name: slug, labels, ...metadata };
    const object = { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", metadata: made, spec };
    await stageNow().kube.create(tenantKind, object as unknown as Tenant);
  };
  /** A vault that runs and has a row; its id. */
  const settle = async (slug: string): Promise<string> => {
    const vaultId = await soon(`${slug} has a database and a Deployment`, async () => {
      const id = (await find(slug))?.status?.vaultId;
      if (id === undefined || (await stageNow().rows(id)) === null) return false;
      return (await stageNow().kube.find(kinds.deployment, { name: "vault", namespace: namespaceOf(id) })) && id;
    });
    await stageNow().podsComeUp(namespaceOf(vaultId));
    await soon(`${slug} is Active`, async () => (await find(slug))?.status?.phase === "Active");
    return vaultId;
  };
  const settled = async (wishes: Wishes = {}) => {
    const slug = newSlug();
    await apply(slug, wishes);
    const vaultId = await settle(slug);
    await stageNow().write(vaultId, `a row of ${slug}`);
    return { slug, vaultId, row: `a row of ${slug}` };
  };
  const remove = (slug: string) => stageNow().kube.delete(tenantKind, { name: slug });
  const gone = (slug: string) => soon(`${slug} is gone`, async () => (await find(slug)) === undefined);
  const phased = (slug: string, phase: string) =>
    soon(`the record of ${slug} is ${phase}`, async () => {
      const found = (await records(slug)).find(({ status }) => (status?.phase ?? "Kept") === phase);
      return found ?? false;
    });
  const expireNow = (retained: RetainedVault) =>
    stageNow().kube.patch(
      retainedKind,
      { name: retained.metadata.name },
      { spec: { keepUntil: "2026-01-01T00:00:00Z" } },
    );
  const answer = (slug: string, value: "approved" | "rejected") =>
    stageNow().kube.patch(tenantKind, { name: slug }, { metadata: { annotations: { [annotations.deletion]: value } } });
  const refused = (slug: string, reason: string) =>
    soon(`${slug} is refused: ${reason}`, async () => conditionOf(await find(slug), "Ready")?.reason === reason);

  /** What is left of a vault anywhere. */
  const remains = async (slug: string, vaultId: string) => {
    const { names, open: isOpen } = await stageNow().traces(vaultId);
    return {
      tenant: (await find(slug)) !== undefined,
      records: (await records(slug)).map(({ status }) => status?.phase ?? "Kept"),
      namespace: (await stageNow().kube.find(kinds.namespace, { name: namespaceOf(vaultId) })) !== undefined,
      database: names.length,
      open: isOpen,
      rows: await stageNow().rows(vaultId),
    };
  };

  /** Runs an operation on a fresh vault once for each write, with the operator killed there and started again. */
  const killedAtEach = async (
    prepare: () => Promise<Vault>,
    operation: (vault: Vault) => Promise<void>,
    ended: (vault: Vault) => Promise<unknown>,
  ): Promise<number> => {
    const run = async (kill?: Kill): Promise<{ writes: number; fell: boolean }> => {
      const process = await start(unasked);
      const vault = await prepare();
      process.arm(kill);
      await operation(vault);
      let fell = false;
      void process.killed.then(() => (fell = true));
      if (kill) await Promise.race([process.killed, ended(vault).catch(() => undefined)]);
      if (kill) await start(unasked);
      await ended(vault);
      return { writes: process.writes.length, fell };
    };
    const { writes } = await run();
    let kills = 0;
    for (let at = 1; at <= writes; at += everyKill) {
      for (const when of ["before", "after"] as const) kills += (await run({ at, when })).fell ? 1 : 0;
    }
    return kills;
  };

  const stop = async (): Promise<void> => {
    await operator?.stop();
    operator = undefined;
  };
  /** Everything that a test left is gone, past every finalizer. */
  const clear = async (): Promise<void> => {
    await stop();
    const stage = stageNow();
    stage.later(0);
    const ours = stage.selector === "" ? {} : { labelSelector: stage.selector };
    const forget = async <T extends KubeObject>(kind: Kind<T>, objects: T[]): Promise<void> => {
      for (const { metadata } of objects) {
        const ref = { name: metadata?.name ?? "" };
        await stage.kube.patch(kind, ref, { metadata: { finalizers: [] } }).catch(ignoreNotFound);
        await stage.kube.delete(kind, ref).catch(ignoreNotFound);
      }
    };
    await forget(tenantKind, await stage.kube.list(tenantKind, ours));
    await forget(retainedKind, await stage.kube.list(retainedKind));
    const book = { namespace: stage.namespace, name: "polyphony-deletions" };
    await stage.kube.delete(kinds.configMap, book).catch(ignoreNotFound);
  };
  return {
    start,
    stop,
    clear,
    soon,
    find,
    records,
    conditionOf,
    apply,
    settle,
    settled,
    remove,
    gone,
    phased,
    expireNow,
    answer,
    refused,
    remains,
    killedAtEach,
  };
};
