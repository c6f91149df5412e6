import type { RetainedVault } from "../../crds/index.ts";
import { ignoreNotFound, isAlreadyExists } from "../../kube/errors.ts";
import type { Reconcile } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { done, type Outcome, StalledError, wait } from "../outcome.ts";
import { annotations } from "../tenant/names.ts";
import { isSettled, retainedFinalizer, retainedKind, retainedName } from "../tenant/deletion/retain.ts";
import { withoutKey } from "../without-key.ts";
import { bringBack, followRestore } from "./bring-back.ts";
import { beginPurge, purge } from "./purge.ts";
import type { RetainedDeps } from "./retained-deps.ts";
import { phaseOf, reportRetained } from "./retained-status.ts";

/** A record of what became of a vault stays this long, for whoever asks; then it goes too. */
const rememberMs = 24 * 3_600_000;

/** The longest a visit is put off; a change of the record comes at once. */
const atMostMs = 6 * 3_600_000;

const until = (at: string, deps: RetainedDeps): number => Date.parse(at) - deps.clock.now().getTime();

/** A record written by hand or by an earlier version has none. */
const holdOn = async ({ metadata }: RetainedVault, deps: RetainedDeps): Promise<void> => {
  const { name, uid, resourceVersion, finalizers = [], deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined || finalizers.includes(retainedFinalizer)) return;
  const held = [...finalizers, retainedFinalizer];
  await deps.kube.patch(retainedKind, { name }, { metadata: { uid, resourceVersion, finalizers: held } });
};

const letGo = async ({ metadata }: RetainedVault, deps: RetainedDeps): Promise<void> => {
  const { name, uid, resourceVersion, finalizers = [] } = metadata;
  if (!finalizers.includes(retainedFinalizer)) return;
  const left = finalizers.filter((one) => one !== retainedFinalizer);
  await deps.kube
    .patch(retainedKind, { name }, { metadata: { uid, resourceVersion, finalizers: left } })
    .catch(ignoreNotFound);
};

/** What is settled is only a memory: forgotten when somebody deletes it, or after its time. */
const remember = async (retained: RetainedVault, deps: RetainedDeps): Promise<Outcome> => {
  if (retained.metadata.deletionTimestamp) {
    await letGo(retained, deps);
    return done();
  }
  const left = until(retained.status?.settledAt ?? retained.metadata.creationTimestamp, deps) + rememberMs;
  if (left > 0) return wait(left, "Waiting", "The record of what became of the vault is kept a while.");
  const { name, uid } = retained.metadata;
  await deps.kube.delete(retainedKind, { name }, { uid }).catch(ignoreNotFound);
  return done();
};

const unconfirmed = ({ metadata: { name } }: RetainedVault): StalledError =>
  new StalledError(
    "PurgeUnconfirmed",
    `This record was deleted, but the data is kept until somebody says so. To destroy the data now: kubectl annotate ` +
      `retainedvault ${name} ${annotations.deletion}=approved. To keep it: the same with =rejected.`,
  );

/** A record cannot be undeleted: one like it takes its place before it goes. */
const keepOn = async (retained: RetainedVault, deps: RetainedDeps): Promise<void> => {
  const { metadata, spec } = retained;
  const kept = withoutKey(metadata.annotations ?? {}, annotations.deletion);
  const successor = {
    apiVersion: retained.apiVersion,
    kind: retained.kind,
    metadata: {
      name: retainedName(spec.slug, metadata.uid),
      labels: metadata.labels,
      annotations: kept,
      finalizers: [retainedFinalizer],
    },
    spec,
  };
  await deps.kube.create(retainedKind, successor as unknown as RetainedVault).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  await letGo(retained, deps);
};

/** Data is destroyed when its time has come, or when somebody deletes the record and confirms it. */
const keep = async (retained: RetainedVault, deps: RetainedDeps): Promise<Outcome> => {
  const { annotations: written = {}, deletionTimestamp } = retained.metadata;
  const answer = written[annotations.deletion];
  if (deletionTimestamp && answer === "rejected") {
    await keepOn(retained, deps);
    return done();
  }
  const confirmed = deletionTimestamp !== undefined && answer === "approved";
  if (written[annotations.returnOf] !== undefined && !confirmed) await bringBack(retained, deps);
  const left = until(retained.spec.keepUntil, deps);
  if (left <= 0 || confirmed) {
    await purge(await beginPurge(retained, deps), deps);
    return wait(0, "Purging", "The data is gone.");
  }
  if (deletionTimestamp) throw unconfirmed(retained);
  await holdOn(retained, deps);
  return wait(Math.min(left, atMostMs), "Waiting", "The data is kept for its time.");
};

const visit = async (retained: RetainedVault, deps: RetainedDeps): Promise<Outcome> => {
  if (isSettled(retained)) return remember(retained, deps);
  const phase = phaseOf(retained);
  if (phase === "Kept") return keep(retained, deps);
  if (phase === "Purging") await purge(retained, deps);
  else await followRestore(retained, deps);
  return wait(0, "Waiting", "What became of the vault is written down.");
};

/** Level-triggered, from the record as the API server has it now: what it decides on is never a cached one. */
export const reconcileRetainedVault =
  (deps: RetainedDeps): Reconcile =>
  async (name) => {
    if (!deps.caches.retained.get(name)) return done();
    const retained = await deps.kube.find(retainedKind, { name });
    if (!retained) return done();
    const outcome = await visit(retained, deps).catch((error: unknown) => outcomeOf(error));
    const fresh = await deps.kube.find(retainedKind, { name });
    if (fresh) await reportRetained(fresh, outcome, deps);
    return outcome;
  };
