/** A time series as promtool writes it: one value per minute. */
export type Series = Readonly<Record<string, string>>;

/** What one alert is given, and what it must make of it. */
export type AlertCase = {
  alert: string;
  name: string;
  series: Series;
  /** When it is asked, in promtool's words. */
  at: string;
  /** The alerts that fire: their labels beside the severity, and their summary as people read it. */
  fires: { labels?: Record<string, string>; summary: string }[];
};

const quiet = (alert: string, name: string, series: Series, at = "30m"): AlertCase => ({
  alert,
  name,
  series,
  at,
  fires: [],
});

const firing = (
  alert: string,
  name: string,
  series: Series,
  summary: string,
  labels?: Record<string, string>,
  at = "30m",
): AlertCase => ({ alert, name, series, at, fires: [{ summary, ...(labels ? { labels } : {}) }] });

const reconciles = (failed: string, all: string): Series => ({
  'polyphony_reconcile_errors_total{controller="tenant",outcome="failed",reason="KubernetesForbidden"}': failed,
  'polyphony_reconcile_errors_total{controller="tenant",outcome="stalled",reason="PlanUnknown"}': "0+9x40",
  'polyphony_reconcile_seconds_count{controller="tenant",outcome="done"}': all,
});

const looks = (upTo1: string, upTo10: string): Series => ({
  'polyphony_reconcile_seconds_bucket{controller="database-server",outcome="wait",le="1"}': upTo1,
  'polyphony_reconcile_seconds_bucket{controller="database-server",outcome="wait",le="10"}': upTo10,
  'polyphony_reconcile_seconds_bucket{controller="database-server",outcome="wait",le="+Inf"}': upTo10,
});

const leaders = (first: string, second: string): Series => ({
  'polyphony_leader_epoch{pod="a"}': first,
  'polyphony_leader_epoch{pod="b"}': second,
});

/** For each alert of the chart at least one case in which it fires and one, close to it, in which it does not. */
export const alertCases: readonly AlertCase[] = [
  firing("PolyphonyNoLeader", "two operators and none leads", leaders("0x40", "0x40"), "No operator leads."),
  firing("PolyphonyNoLeader", "no operator is left to ask", {}, "No operator leads."),
  quiet("PolyphonyNoLeader", "one leads and one stands by", leaders("7x40", "0x40")),
  quiet("PolyphonyNoLeader", "leadership moves within a minute", leaders("7x28 0x12", "0x29 8x12")),

  firing(
    "PolyphonyWatchSilent",
    "one source is silent",
    {
      'polyphony_watch_age_seconds{controller="tenant",source="secrets"}': "240x40",
      'polyphony_watch_age_seconds{controller="tenant",source="tenants"}': "20x40",
    },
    "The operator has heard nothing of secrets for 4m 0s.",
    { controller: "tenant", source: "secrets" },
  ),
  quiet("PolyphonyWatchSilent", "the server gives a sign of life each minute", {
    'polyphony_watch_age_seconds{controller="tenant",source="secrets"}': "60x40",
  }),

  firing(
    "PolyphonyQueueOld",
    "a Tenant waits for two minutes, all the time",
    { 'polyphony_queue_age_seconds{controller="tenant"}': "120x40" },
    "The oldest tenant in the operator's queue waits for 2m 0s.",
    { controller: "tenant" },
  ),
  quiet("PolyphonyQueueOld", "a burst is worked off within three minutes", {
    'polyphony_queue_age_seconds{controller="tenant"}': "0x20 90x3 0x20",
  }),

  firing(
    "PolyphonyReconcileErrors",
    "three of four fail",
    reconciles("0+6x40", "0+8x40"),
    "75% of the reconciles of tenant fail.",
    { controller: "tenant" },
  ),
  quiet("PolyphonyReconcileErrors", "one of four fails, and many wait for a person", reconciles("0+2x40", "0+8x40")),
  quiet("PolyphonyReconcileErrors", "nothing happens at all", reconciles("5x40", "100x40")),

  firing(
    "PolyphonyProvisioningFailing",
    "three Tenants have failed",
    { 'polyphony_tenants{phase="Failed"}': "3x40", 'polyphony_tenants{phase="Active"}': "90x40" },
    "3 Tenants have failed and wait for a person.",
  ),
  quiet("PolyphonyProvisioningFailing", "one failed for five minutes and was mended", {
    'polyphony_tenants{phase="Failed"}': "0x20 1x5 0x20",
    'polyphony_tenants{phase="Active"}': "90x40",
  }),

  firing(
    "PolyphonyProvisioningSlow",
    "a Tenant waits for an hour",
    { polyphony_oldest_provisioning_seconds: "3600+60x40" },
    "A Tenant has waited for its vault for 1h 30m 0s.",
  ),
  quiet("PolyphonyProvisioningSlow", "Tenants come and are served in ten minutes", {
    polyphony_oldest_provisioning_seconds: "600x40",
  }),

  firing(
    "PolyphonyDriftLoop",
    "a Deployment is put back twice a minute",
    { 'polyphony_drift_corrections_total{kind="Deployment"}': "0+2x40" },
    "Objects of the kind Deployment are put back again and again, 10 times in 5 minutes.",
    { kind: "Deployment" },
  ),
  quiet("PolyphonyDriftLoop", "somebody deleted fifty policies, once", {
    'polyphony_drift_corrections_total{kind="NetworkPolicy"}': "0x15 50x25",
  }),

  firing(
    "PolyphonyDatabaseServerNearlyFull",
    "one of two is nearly full",
    {
      'polyphony_database_server_capacity_ratio{server="main"}': "0.95x40",
      'polyphony_database_server_capacity_ratio{server="second"}': "0.1x40",
    },
    "The database server main is 95% full.",
    { server: "main" },
  ),
  quiet("PolyphonyDatabaseServerNearlyFull", "nine tenths are taken", {
    'polyphony_database_server_capacity_ratio{server="main"}': "0.9x40",
  }),

  firing(
    "PolyphonyDatabaseServerNotReady",
    "a server does not answer",
    {
      'polyphony_database_server_ready{server="main"}': "1x10 0x30",
      'polyphony_database_server_ready{server="second"}': "1x40",
    },
    "The operator cannot use the database server main.",
    { server: "main" },
  ),
  quiet("PolyphonyDatabaseServerNotReady", "a server starts again within a minute", {
    'polyphony_database_server_ready{server="main"}': "1x28 0x1 1x20",
  }),

  firing(
    "PolyphonyDatabaseServerSlow",
    "every look takes between one and ten seconds",
    looks("0x40", "0+2x40"),
    "Half of the looks at database servers take longer than 5.5s.",
  ),
  quiet("PolyphonyDatabaseServerSlow", "one look of ten measures sizes and takes long", looks("0+9x40", "0+10x40")),

  firing(
    "PolyphonyMigrationsFailing",
    "a golden template cannot be made",
    { 'polyphony_golden_templates{state="Failed"}': "1x40" },
    "A release's migrations fail in 1 databases.",
  ),
  firing(
    "PolyphonyMigrationsFailing",
    "the migrations of two vaults fail",
    {
      'polyphony_golden_templates{state="Failed"}': "0x40",
      'polyphony_tenant_conditions{condition="SchemaCurrent",reason="MigrationFailed"}': "2x40",
    },
    "A release's migrations fail in 2 databases.",
  ),
  quiet("PolyphonyMigrationsFailing", "migrations are under way", {
    'polyphony_golden_templates{state="Failed"}': "0x40",
    'polyphony_golden_templates{state="Migrating"}': "3x40",
    'polyphony_tenant_conditions{condition="SchemaCurrent",reason="MigrationPending"}': "40x40",
  }),

  firing(
    "PolyphonyRotationOverdue",
    "for two hours",
    { polyphony_rotation_overdue: "4x150" },
    "The secrets of 4 vaults are older than they should be.",
    {},
    "2h",
  ),
  quiet("PolyphonyRotationOverdue", "for half an hour", { polyphony_rotation_overdue: "0x90 4x30" }, "2h"),

  firing(
    "PolyphonyDeletionBreakerOpen",
    "the operator stopped and asks",
    { 'polyphony_deletion_breaker_open{pod="a"}': "0x29 1x5" },
    "So many Tenants were deleted that the operator stopped and asks.",
  ),
  quiet("PolyphonyDeletionBreakerOpen", "single deletions", { 'polyphony_deletion_breaker_open{pod="a"}': "0x40" }),

  firing(
    "PolyphonyRegistryWorkOld",
    "the mail server is away",
    { polyphony_outbox_oldest_seconds: "0+60x40" },
    "The registry's oldest work has waited for 30m 0s.",
  ),
  quiet("PolyphonyRegistryWorkOld", "it waits for minutes, then goes on", {
    polyphony_outbox_oldest_seconds: "0x20 540x5 0x10",
  }),

  firing(
    "PolyphonyRegistryWorkGivenUp",
    "a Tenant belongs to somebody else; two workers say so",
    {
      'polyphony_outbox_dead{kind="publish-tenant",pod="a"}': "1x40",
      'polyphony_outbox_dead{kind="publish-tenant",pod="b"}': "1x40",
      'polyphony_outbox_dead{kind="mail",pod="a"}': "0x40",
    },
    "1 pieces of work of the kind publish-tenant were given up.",
    { kind: "publish-tenant" },
  ),
  quiet("PolyphonyRegistryWorkGivenUp", "nothing is given up", { 'polyphony_outbox_dead{kind="mail"}': "0x40" }),

  firing(
    "PolyphonyAuditBroken",
    "an entry was changed",
    { polyphony_audit_broken_chains: "0x29 2x5" },
    "2 chains of the audit log are not whole.",
  ),
  quiet("PolyphonyAuditBroken", "all is whole", { polyphony_audit_broken_chains: "0x40" }),

  firing(
    "PolyphonyApiErrors",
    "its database is away",
    {
      'polyphony_api_requests_total{route="/api/me",status="503"}': "0+60x40",
      'polyphony_api_requests_total{route="/api/me",status="200"}': "0+60x40",
    },
    "50% of the control API's requests fail.",
  ),
  quiet("PolyphonyApiErrors", "one in a hundred", {
    'polyphony_api_requests_total{route="/api/me",status="500"}': "0+1x40",
    'polyphony_api_requests_total{route="/api/me",status="200"}': "0+99x40",
  }),
];
