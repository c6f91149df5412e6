import type { Tenant } from "../../crds/index.ts";
import { age } from "../output/age.ts";
import { bytesText } from "../output/bytes.ts";
import type { Column } from "../output/print-rows.ts";
import { conditionOf } from "./tenant-state.ts";

export const tenantColumns: readonly Column<Tenant>[] = [
  { name: "Name", value: ({ metadata }) => metadata.name },
  { name: "Organization", wide: true, value: ({ spec }) => spec.organization.name },
  { name: "Template", wide: true, value: ({ spec }) => spec.template },
  { name: "Plan", value: ({ spec }) => spec.plan },
  { name: "Phase", value: ({ status }) => status?.phase ?? "Pending" },
  { name: "Ready", value: (tenant) => conditionOf(tenant, "Ready")?.status ?? "Unknown" },
  { name: "Release", value: ({ status }) => status?.release?.version ?? "" },
  { name: "Age", value: ({ metadata }, now) => age(metadata.creationTimestamp, now) },
  { name: "Server", wide: true, value: ({ status }) => status?.database?.server ?? "" },
  { name: "Database", wide: true, value: ({ status }) => status?.database?.name ?? "" },
  { name: "Size", wide: true, value: ({ status }) => bytesText(status?.database?.bytes) },
  { name: "Reason", wide: true, value: (tenant) => conditionOf(tenant, "Ready")?.reason ?? "" },
  { name: "URL", value: ({ status }) => status?.url ?? "" },
  { name: "Message", wide: true, value: ({ status }) => status?.message ?? "" },
];
