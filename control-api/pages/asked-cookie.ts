import type { Request, Response } from "express";
import { z } from "zod";
import { loginLinkLastsMs } from "../login/login-service.ts";
import { ownPath } from "./own-path.ts";

const name = "polyphony-asked";

const Asked = z.object({
  email: z.string().max(254),
  code: z.string().regex(/^[0-9]{6}$/),
  next: z.string().transform((path) => ownPath(path)),
});

/** What this browser has asked a login link for. The code is no secret from it: its own cookie opens the link as well. */
export type Asked = z.infer<typeof Asked>;

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
};

export const readAsked = (request: Request): Asked | null => {
  const value = new RegExp(`(?:^|; *)${name}=([\\w-]{1,4000})`).exec(request.headers.cookie ?? "")?.[1] ?? "";
  return Asked.safeParse(readJson(value)).data ?? null;
};

const options = { path: "/login", httpOnly: true, sameSite: "lax" } as const;

/** For as long as the link lives; null forgets it. */
export const keepAsked = (response: Response, asked: Asked | null, secure: boolean): void => {
  if (asked === null) {
    response.clearCookie(name, { ...options, secure });
    return;
  }
  const value = Buffer.from(JSON.stringify(asked)).toString("base64url");
  response.cookie(name, value, { ...options, secure, maxAge: loginLinkLastsMs });
};
