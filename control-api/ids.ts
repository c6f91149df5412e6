import { v7 } from "uuid";

/** The kinds of things that have an id people and programs see. */
export const idPrefixes = {
  organization: "org",
  person: "per",
  session: "ses",
  registration: "reg",
  invitation: "inv",
  affiliationRequest: "afr",
  affiliationInvitation: "afi",
  vault: "vlt",
  job: "job",
} as const;
export type IdKind = keyof typeof idPrefixes;

/** A new id as the database keeps it: UUIDv7, so that rows of one time lie side by side. */
export const newId = (): string => v7();

/** The id as people and programs see it: `org_` and 32 hex digits. Says what it is of, and nothing more. */
export const publicId = (kind: IdKind, uuid: string): string => `${idPrefixes[kind]}_${uuid.replaceAll("-", "")}`;

/** The UUID in a public id; null when it is none of this kind. */
export const uuidOf = (kind: IdKind, id: string): string | null => {
  const hex = new RegExp(`^${idPrefixes[kind]}_([0-9a-f]{32})$`).exec(id)?.[1];
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
