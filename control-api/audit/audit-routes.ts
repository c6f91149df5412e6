import { exportAudit, exportPlatformAudit, listAudit, listPlatformAudit, verifyAudit } from "../contract/audit.ts";
import { defineDownload, defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import type { ExportFormat } from "./audit-export.ts";
import type { AuditFilter } from "./audit-repository.ts";

type Asked = Omit<AuditFilter, "actorId" | "organizationId"> & { readonly actor?: string | undefined };

const filterOf = ({ actor, organization, action, from, until }: Asked): AuditFilter => ({
  organization,
  action,
  from,
  until,
  actorId: actor === undefined ? undefined : requireUuid("person", actor),
});

const fileOf = (name: string, format: ExportFormat) => ({
  type: format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
  fileName: `${name}-audit.${format}`,
});

export const auditRoutes = [
  defineRoute(listAudit, ({ membership, query }, { audit }) => audit.page(membership, filterOf(query), query)),
  defineDownload(exportAudit, ({ membership, query }, { audit }) => ({
    ...fileOf(membership.slug, query.format),
    chunks: audit.export(membership, filterOf(query), query.format),
  })),
  defineRoute(listPlatformAudit, ({ query }, { audit }) => audit.page(null, filterOf(query), query)),
  defineDownload(exportPlatformAudit, ({ query }, { audit }) => ({
    ...fileOf("polyphony", query.format),
    chunks: audit.export(null, filterOf(query), query.format),
  })),
  defineRoute(verifyAudit, (_call, { audit }) => audit.verify()),
];
