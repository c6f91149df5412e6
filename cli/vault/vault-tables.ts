import type { TenantRow } from "../../control-api/contract/admin.ts";
import type { Provisioning } from "../../control-api/contract/organizations.ts";
import { age } from "../output/age.ts";
import type { Table } from "../platform/show-rows.ts";

/** A vault as its own people see it. */
export type VaultRow = { slug: string; name: string } & Provisioning;

const stepOf = ({ steps }: Provisioning): string =>
  steps.find(({ state }) => state === "active" || state === "failed")?.title ?? "";

export const vaultTable: Table<VaultRow> = {
  nameOf: ({ slug }) => slug,
  exampleField: ".liveAt",
  columns: [
    { name: "Slug", value: ({ slug }) => slug },
    { name: "State", value: ({ state }) => state },
    { name: "Step", value: stepOf },
    { name: "Organization", wide: true, value: ({ name }) => name },
    { name: "Age", value: ({ requestedAt }, now) => age(requestedAt, now) },
    { name: "URL", value: ({ url }) => url ?? "" },
    { name: "Message", wide: true, value: ({ failure, message }) => failure?.message ?? message },
  ],
};

/** A vault as the platform's staff see it. */
export const fleetTable: Table<TenantRow> = {
  nameOf: ({ organization }) => organization.slug,
  exampleField: ".organization.name",
  columns: [
    { name: "Slug", value: ({ organization }) => organization.slug },
    { name: "Type", value: ({ organization }) => organization.type },
    { name: "Approval", value: ({ approval }) => approval },
    { name: "Plan", value: ({ plan }) => plan },
    { name: "Phase", value: ({ phase }) => phase },
    { name: "Reason", value: ({ reason }) => reason },
    { name: "Ready", value: ({ ready }) => (ready ? "True" : "False") },
    { name: "Release", wide: true, value: ({ release }) => release ?? "" },
    { name: "Step", wide: true, value: ({ step }) => step ?? "" },
    { name: "Template", wide: true, value: ({ template }) => template },
    { name: "Organization", wide: true, value: ({ organization }) => organization.name },
    { name: "Age", value: ({ createdAt }, now) => age(createdAt, now) },
    { name: "URL", value: ({ url }) => url ?? "" },
    { name: "Message", wide: true, value: ({ message }) => message },
  ],
};
