import type { Reply } from "../api/api.ts";
import type { getMe } from "../../control-api/contract/login.ts";
import type { MemberView } from "../../control-api/contract/members.ts";
import type { OrganizationView } from "../../control-api/contract/organizations.ts";
import { age } from "../output/age.ts";
import type { Table } from "../platform/show-rows.ts";

type Mine = Reply<typeof getMe>["organizations"][number];

/** The organizations of whoever asks. */
export const mineTable: Table<Mine> = {
  nameOf: ({ slug }) => slug,
  exampleField: ".id",
  columns: [
    { name: "Slug", value: ({ slug }) => slug },
    { name: "Type", value: ({ type }) => type },
    { name: "Role", value: ({ role }) => role },
    { name: "Id", wide: true, value: ({ id }) => id },
    { name: "Name", value: ({ name }) => name },
  ],
};

export const organizationTable: Table<OrganizationView> = {
  nameOf: ({ slug }) => slug,
  exampleField: ".vault.url",
  columns: [
    { name: "Slug", value: ({ slug }) => slug },
    { name: "Type", value: ({ type }) => type },
    { name: "Approval", value: ({ approval }) => approval },
    { name: "Plan", value: ({ plan }) => plan },
    { name: "Subscription", wide: true, value: ({ subscription }) => subscription },
    { name: "Role", value: ({ role }) => role },
    { name: "Vault", value: ({ vault }) => vault?.phase ?? "" },
    { name: "Contact", wide: true, value: ({ contactEmail }) => contactEmail },
    { name: "Age", value: ({ createdAt }, now) => age(createdAt, now) },
    { name: "Name", value: ({ name }) => name },
    { name: "URL", wide: true, value: ({ vault }) => vault?.url ?? "" },
  ],
};

export const memberTable: Table<MemberView> = {
  nameOf: ({ email }) => email,
  exampleField: ".id",
  columns: [
    { name: "Email", value: ({ email }) => email },
    { name: "Role", value: ({ role }) => role },
    { name: "Id", wide: true, value: ({ id }) => id },
    { name: "Age", value: ({ since }, now) => age(since, now) },
    { name: "Name", value: ({ name }) => name },
  ],
};
