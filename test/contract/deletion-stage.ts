import type { RetainedVault, Tenant } from "../../crds/index.ts";
import type { Clock, Timer } from "../../kube/clock.ts";
import { UnreachableError } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { EffectObserver } from "../../operator/database/pg-link.ts";
import type { DatabaseServers } from "../../operator/database/tenant-database.ts";
import type { BreakerSettings } from "../../operator/deletion/deletion-breaker.ts";
import { createDeletionBook } from "../../operator/deletion/deletion-book.ts";
import { createController } from "../../operator/engine/controller.ts";
import { silentLog } from "../../operator/engine/log.ts";
import { reconcileRetainedVault } from "../../operator/retained-vault/reconcile-retained-vault.ts";
import { retainedSources } from "../../operator/retained-vault/retained-sources.ts";
import { createSecrets } from "../../operator/secrets.ts";
import { createDesiredMemory } from "../../operator/tenant/children/desired-memory.ts";
import { createDriftLedger } from "../../operator/tenant/drift/drift-ledger.ts";
import { reconcileTenant } from "../../operator/tenant/reconcile-tenant.ts";
import { createTenantCaches, tenantSources } from "../../operator/tenant/tenant-sources.ts";
import { aDesiredVault } from "../builders/a-desired-vault.ts";

export const tenantKind = typed<Tenant>(kinds.tenant);
export const retainedKind = typed<RetainedVault>(kinds.retainedVault);

/** An API server and a PostgreSQL, real or pretended, with a template, its release, its golden template and a server. */
export interface DeletionStage {
  readonly kube: Kube;
  readonly clock: Clock & Timer;
  /** Puts the operators' wall clock that far ahead of the machine's. */
  later(ms: number): void;
  readonly template: string;
  readonly server: string;
  /** Where the book of deletions is kept. */
  readonly namespace: string;
  readonly selector: string;
  /** A new operator's connection, which ends the one before. */
  connect(epoch: number, onEffect: EffectObserver): Promise<DatabaseServers>;
  /** What is in a vault's database, past every right; null when there is no database. */
  rows(vaultId: string): Promise<string[] | null>;
  write(vaultId: string, row: string): Promise<void>;
  /** Names of database and logins that are there, and whether anybody may connect. */
  traces(vaultId: string): Promise<{ names: string[]; open: boolean }>;
  /** Lets the pods of a vault be seen to run, as kubelet and controllers would. */
  podsComeUp(namespace: string): Promise<void>;
  close(): Promise<void>;
}

/** When an operator is killed: at its n-th write of a kind or its n-th effect, counted together, before or after it. */
export interface Kill {
  readonly at: number;
  readonly when: "before" | "after";
}

export interface OperatorUnderTest {
  /** What it wrote so far, to Kubernetes and to PostgreSQL, in order. */
  readonly writes: readonly string[];
  /** Resolves when it was killed. */
  readonly killed: Promise<void>;
  /** Forgets what was written so far; the kill counts from here. */
  arm(kill?: Kill): void;
  stop(): Promise<void>;
}

const dead = () => new UnreachableError({ verb: "call", kind: "any" }, "the operator was killed");

type Step = <R>(name: string, work: () => Promise<R>) => Promise<R>;

/** The API server as a process sees it that may be killed before or after any of its writes. */
const mortalKube = (kube: Kube, step: Step, alive: () => boolean): Kube => {
  const read = <R>(work: () => Promise<R>): Promise<R> => (alive() ? work() : Promise.reject(dead()));
  return {
    get: (kind, ref, how) => read(() => kube.get(kind, ref, how)),
    find: (kind, ref, how) => read(() => kube.find(kind, ref, how)),
    list: (kind, how) => read(() => kube.list(kind, how)),
    listPage: (kind, how) => read(() => kube.listPage(kind, how)),
    watch: (kind, how) => kube.watch(kind, how),
    apply: (kind, object, how) => step(`apply ${kind.kind}`, () => kube.apply(kind, object, how)),
    applyStatus: (kind, object, how) => step(`status ${kind.kind}`, () => kube.applyStatus(kind, object, how)),
    patch: (kind, ref, body, how) => step(`patch ${kind.kind}`, () => kube.patch(kind, ref, body, how)),
    patchStatus: (kind, ref, body, how) => step(`status ${kind.kind}`, () => kube.patchStatus(kind, ref, body, how)),
    create: (kind, object, how) => step(`create ${kind.kind}`, () => kube.create(kind, object, how)),
    replace: (kind, object, how) => step(`replace ${kind.kind}`, () => kube.replace(kind, object, how)),
    delete: (kind, ref, how) => step(`delete ${kind.kind}`, () => kube.delete(kind, ref, how)),
  };
};

/** What counts the writes of a process and kills it at one of them. */
const createFate = () => {
  let kill: Kill | undefined;
  let isAlive = true;
  const writes: string[] = [];
  const death = Promise.withResolvers<undefined>();
  const die = (): Error => {
    isAlive = false;
    death.resolve(undefined);
    return dead();
  };
  const falls = (at: number, when: Kill["when"]): boolean => kill?.at === at && kill.when === when;
  const step: Step = async (name, work) => {
    if (!isAlive) throw dead();
    writes.push(name);
    const at = writes.length;
    if (falls(at, "before")) throw die();
    const done = await work();
    if (falls(at, "after")) throw die();
    return done;
  };
  const begun = new Map<string, number>();
  const onEffect: EffectObserver = (effect, phase) => {
    if (!isAlive) throw dead();
    if (phase === "before") begun.set(effect, writes.push(effect));
    if (falls(begun.get(effect) ?? 0, phase)) throw die();
  };
  const arm = (next?: Kill): void => {
    writes.length = 0;
    kill = next;
  };
  return { writes, step, onEffect, arm, killed: death.promise, alive: () => isAlive };
};

export const calm: BreakerSettings = { enabled: true, tenantsPerHour: 5, percentPerHour: 2 };

/** An operator's controllers of Tenants and RetainedVaults, as operator/work.ts wires them. */
export const startOperator = async (
  stage: DeletionStage,
  epoch: number,
  breaker: BreakerSettings = calm,
): Promise<OperatorUnderTest> => {
  const fate = createFate();
  const { clock } = stage;
  const kube = mortalKube(stage.kube, fate.step, fate.alive);
  const servers = await stage.connect(epoch, fate.onEffect);
  const caches = createTenantCaches(kube, { selector: stage.selector });
  const book = createDeletionBook({ kube, clock, namespace: stage.namespace, name: "polyphony-deletions" });
  const common = { kube, caches, servers, clock, tell: () => undefined };
  const controller = (
    name: string,
    sources: Parameters<typeof createController>[0]["sources"],
    reconcile: Parameters<typeof createController>[0]["reconcile"],
  ) => createController({ name, sources, reconcile, log: silentLog(), firstBackoffMs: 20, lastBackoffMs: 500 });
  const settings = aDesiredVault().settings;
  const deps = { ...common, settings, secrets: createSecrets(Buffer.alloc(32, 7)), backlog: () => 0 };
  const drift = createDriftLedger(clock, () => undefined);
  const desired = createDesiredMemory();
  const controllers = [
    controller(
      "tenant",
      tenantSources(caches),
      reconcileTenant({ ...deps, drift, desired, deletions: { book, breaker } }),
    ),
    controller("retained-vault", retainedSources(caches), reconcileRetainedVault(common)),
  ];
  await Promise.all(controllers.map((one) => one.start()));
  return {
    writes: fate.writes,
    killed: fate.killed,
    arm: fate.arm,
    stop: async () => {
      await Promise.all(controllers.map((one) => one.stop(2_000)));
      await servers.close();
    },
  };
};
