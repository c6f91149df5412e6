import { notFound } from "../errors.ts";
import { type IdKind, uuidOf } from "../ids.ts";

/** The UUID in a public id of this kind; 404 for anything else, as nothing can have such an id. */
export const requireUuid = (kind: IdKind, id: string): string => {
  const uuid = uuidOf(kind, id);
  if (uuid === null) throw notFound();
  return uuid;
};
