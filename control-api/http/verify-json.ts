import { isUtf8 } from "node:buffer";
import { problem } from "../errors.ts";
import { hasDuplicateKeys } from "./duplicate-keys.ts";

/** Looks at a JSON body before it is parsed, where nothing was mended yet: UTF-8, and each field once. Throws 400 or 415. */
export const verifyJson = (_request: unknown, _response: unknown, body: Buffer, encoding: string): void => {
  if (encoding !== "utf-8") {
    throw problem("unsupported-media-type", "Send JSON in UTF-8.");
  }
  if (!isUtf8(body)) throw problem("malformed", "Send well-formed JSON in UTF-8.");
  if (hasDuplicateKeys(body.toString("utf8"))) throw problem("malformed", "Send each field of an object once.");
};
