import { Counter, Gauge, type Registry } from "prom-client";
import { outboxKinds, type OutboxKind } from "../jobs/outbox.ts";
import type { RegistryFigures } from "./registry-figures.ts";

export interface RegistryMetricsParts {
  readonly registry: Registry;
  /** Read at each scrape. */
  readonly read: () => Promise<RegistryFigures>;
  readonly onTrouble: (error: unknown) => void;
}

export interface RegistryMetrics {
  readonly workFailed: (kind: OutboxKind, fate: "postponed" | "buried") => void;
  readonly auditVerified: (brokenChains: number, at: Date) => void;
}

type Gauges = Record<"vaults" | "approvals" | "waiting" | "dead" | "oldest", Gauge>;

/** `refresh` sets all of them; each waits for it, so that a scrape never shows the one before. */
const gauges = (registry: Registry, refresh: () => Promise<void>): Gauges => {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry], collect: refresh });
  return {
    vaults: gauge("polyphony_vaults", "Vaults by the phase that their Tenants last told the registry.", ["phase"]),
    approvals: gauge(
      "polyphony_approvals_waiting",
      "Organizations that the platform's staff have to approve or reject.",
    ),
    waiting: gauge("polyphony_outbox_waiting", "Work that is not done yet: mails to send, Tenants to write.", ["kind"]),
    dead: gauge("polyphony_outbox_dead", "Work that was given up and waits for staff to retry or drop it.", ["kind"]),
    oldest: gauge("polyphony_outbox_oldest_seconds", "How long the oldest work that is not done has waited."),
  };
};

const show = (shown: Gauges, { vaults, approvalsWaiting, work, oldestWorkSeconds }: RegistryFigures): void => {
  for (const { phase, count } of vaults) shown.vaults.set({ phase }, count);
  shown.approvals.set(approvalsWaiting);
  shown.oldest.set(oldestWorkSeconds);
  for (const kind of outboxKinds) {
    const found = work.find((one) => one.kind === kind);
    shown.waiting.set({ kind }, found?.waiting ?? 0);
    shown.dead.set({ kind }, found?.dead ?? 0);
  }
};

/** The registry as the worker exports it. While the database does not answer, these series are missing, not old. */
export const exportRegistryMetrics = ({ registry, read, onTrouble }: RegistryMetricsParts): RegistryMetrics => {
  let reading: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const figures = await read().catch((error: unknown) => {
      onTrouble(error);
      return null;
    });
    for (const gauge of [shown.vaults, shown.waiting, shown.dead]) gauge.reset();
    for (const gauge of [shown.approvals, shown.oldest]) gauge.remove();
    if (figures) show(shown, figures);
  };
  const refresh = (): Promise<void> =>
    (reading ??= look().finally(() => {
      reading = undefined;
    }));
  const shown = gauges(registry, refresh);
  const failures = new Counter({
    name: "polyphony_work_failures_total",
    help: "Work that did not succeed: postponed is tried again, buried is given up.",
    labelNames: ["kind", "fate"],
    registers: [registry],
  });
  const broken = new Gauge({
    name: "polyphony_audit_broken_chains",
    help: "Chains of the audit log in which an entry was changed, taken out or slipped in.",
    registers: [registry],
  });
  const verified = new Gauge({
    name: "polyphony_audit_verified_timestamp_seconds",
    help: "When the audit log was last verified; 0 before the first time.",
    registers: [registry],
  });
  return {
    workFailed: (kind, fate) => failures.inc({ kind, fate }),
    auditVerified: (brokenChains, at) => {
      broken.set(brokenChains);
      verified.set(at.getTime() / 1000);
    },
  };
};
