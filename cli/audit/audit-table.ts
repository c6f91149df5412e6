import type { AuditEntry } from "../../control-api/contract/audit.ts";
import { age } from "../output/age.ts";
import type { Table } from "../platform/show-rows.ts";

const actorOf = ({ actor: { kind, id, name } }: AuditEntry): string => name ?? id ?? kind;

export const auditTable: Table<AuditEntry> = {
  nameOf: ({ organization, number }) => `${organization?.slug ?? "platform"}/${number}`,
  exampleField: ".detail.role",
  columns: [
    { name: "At", value: ({ at }) => at },
    { name: "Age", wide: true, value: ({ at }, now) => age(at, now) },
    { name: "Organization", value: ({ organization }) => organization?.slug ?? "" },
    { name: "Number", wide: true, value: ({ number }) => String(number) },
    { name: "Action", value: ({ action }) => action },
    { name: "Actor", value: actorOf },
    { name: "Request", wide: true, value: ({ requestId }) => requestId },
    { name: "Subject", value: ({ subject }) => subject },
    { name: "Detail", wide: true, value: ({ detail }) => JSON.stringify(detail) },
  ],
};
