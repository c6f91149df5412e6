import { isUtf8 } from "node:buffer";
import { AppError, badRequest } from "../errors.ts";
import { hasDuplicateKeys } from "./duplicate-keys.ts";

/** Looks at a JSON body before it is parsed, where nothing was mended yet: UTF-8, and each field once. Throws 400 or 415. */
export const verifyJson = (_request: unknown, _response: unknown, body: Buffer, encoding: string): void => {
  if (encoding !== "utf-8") {
    throw new AppError({
      status: 415,
      code: "unsupported-media-type",
      title: "That is not JSON as we read it",
      detail: "Send JSON in UTF-8.",
    });
  }
  if (!isUtf8(body)) throw badRequest("Send well-formed JSON in UTF-8.", "malformed");
  if (hasDuplicateKeys(body.toString("utf8"))) throw badRequest("Send each field of an object once.", "malformed");
};
