import type { Reply } from "../api/api.ts";
import type {
  Affiliations,
  AffiliationRequestView,
  postAffiliationInvitation,
} from "../../control-api/contract/affiliations.ts";
import { age, until } from "../output/age.ts";
import type { Table } from "../platform/show-rows.ts";

/** Every kind of thing that there is between an organization and others, as one row. */
export type Relation = {
  state: string;
  with: { slug: string; name: string };
  /** Of requests, to answer them by. */
  id: string;
  since: string;
  message: string;
  vault: string;
};

const otherOf = (slug: string, { umbrella, collective }: AffiliationRequestView) =>
  umbrella.slug === slug ? collective : umbrella;

/** What waits first, then what is; with `all` also what was. */
export const relationsOf = (slug: string, { affiliated, requests }: Affiliations, all: boolean): Relation[] => [
  ...requests
    .filter(({ status }) => all || status === "pending")
    .map((request) => ({
      state: request.status,
      with: otherOf(slug, request),
      id: request.id,
      since: request.respondedAt ?? request.requestedAt,
      message: request.response === "" ? request.message : request.response,
      vault: "",
    })),
  ...affiliated.map((one) => ({
    state: "affiliated",
    with: one.with,
    id: "",
    since: one.since,
    message: "",
    vault: one.vault?.phase ?? "",
  })),
];

export const relationTable: Table<Relation> = {
  nameOf: (row) => (row.id === "" ? row.with.slug : row.id),
  exampleField: ".with.name",
  columns: [
    { name: "State", value: ({ state }) => state },
    { name: "With", value: (row) => row.with.slug },
    { name: "Request", value: ({ id }) => id },
    { name: "Vault", value: ({ vault }) => vault },
    { name: "Age", value: ({ since }, now) => age(since, now) },
    { name: "Name", value: (row) => row.with.name },
    { name: "Message", wide: true, value: ({ message }) => message },
  ],
};

export const requestTable: Table<AffiliationRequestView> = {
  nameOf: ({ id }) => id,
  exampleField: ".umbrella.name",
  columns: [
    { name: "Id", value: ({ id }) => id },
    { name: "Collective", value: ({ collective }) => collective.slug },
    { name: "Umbrella", value: ({ umbrella }) => umbrella.slug },
    { name: "State", value: ({ status }) => status },
    { name: "Age", value: ({ requestedAt }, now) => age(requestedAt, now) },
    { name: "Message", wide: true, value: ({ message }) => message },
    { name: "Response", wide: true, value: ({ response }) => response },
  ],
};

export type History = Affiliations["history"][number];
export const historyTable: Table<History> = {
  nameOf: (row) => row.with.slug,
  exampleField: ".with.name",
  columns: [
    { name: "Age", value: ({ at }, now) => age(at, now) },
    { name: "Event", value: ({ event }) => event },
    { name: "With", value: (row) => row.with.slug },
    { name: "Name", value: (row) => row.with.name },
  ],
};

type Link = Affiliations["invitations"][number];
const usesOf = ({ uses, mostUses }: Link): string => (mostUses === null ? String(uses) : `${uses} of ${mostUses}`);
const expiresIn = ({ revoked, expiresAt }: Link, now: Date): string => (revoked ? "closed" : until(expiresAt, now));

export const linkTable: Table<Link> = {
  nameOf: ({ id }) => id,
  exampleField: ".createdAt",
  columns: [
    { name: "Id", value: ({ id }) => id },
    { name: "Used", value: usesOf },
    { name: "Expires in", value: expiresIn },
    { name: "Age", value: ({ createdAt }, now) => age(createdAt, now) },
    { name: "Label", value: ({ label }) => label },
  ],
};

export type NewLink = Reply<typeof postAffiliationInvitation>;
export const newLinkTable: Table<NewLink> = {
  nameOf: ({ link }) => link,
  exampleField: ".createdAt",
  columns: [...linkTable.columns.slice(0, 3), { name: "Link", value: ({ link }) => link }],
};
