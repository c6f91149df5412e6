import type { Request } from "express";

/** A text field of a form or of a JSON body; "" when it is missing or no text. */
export function field(request: Request, name: string): string {
  const body: unknown = request.body;
  if (typeof body !== "object" || body === null) return "";
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}
