import { z } from "zod";
import { badRequest } from "../errors.ts";

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

/** Where a page ended: time and id of its last row, in a form that nobody needs to read. */
export const cursorOf = (at: Date, id: string): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString("base64url");

/** Throws 400 for what is no cursor of ours. */
export const readCursor = (text: string): { at: Date; id: string } => {
  try {
    const [at, id] = Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { at: new Date(at), id };
  } catch {
    throw badRequest("Send as cursor what stood in `next` of the page before.", "invalid-cursor");
  }
};
