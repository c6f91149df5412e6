import type { QueueRow } from "../../control-api/contract/queue.ts";
import { age, until } from "../output/age.ts";
import type { Table } from "../platform/show-rows.ts";

export const workTable: Table<QueueRow> = {
  nameOf: ({ id }) => id,
  exampleField: ".organization.name",
  columns: [
    { name: "Id", value: ({ id }) => id },
    { name: "What", value: ({ what }) => what },
    { name: "Organization", value: ({ organization }) => organization?.slug ?? "" },
    { name: "State", value: ({ state }) => state },
    { name: "Tries", value: ({ attempts }) => String(attempts) },
    { name: "Next", value: ({ dueAt }, now) => (dueAt === null ? "" : until(dueAt, now)) },
    { name: "Age", value: ({ createdAt }, now) => age(createdAt, now) },
    { name: "Reason", value: ({ reason }) => reason ?? "" },
  ],
};
