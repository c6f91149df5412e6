import { randomBytes } from "node:crypto";

/** A slug that no other run has. */
export const randomSlug = (stem: string): string => `${stem}-${randomBytes(4).toString("hex")}`;
