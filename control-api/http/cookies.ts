import type { Request, Response } from "express";

/** `session`: who is logged in. `browser`: which browser a login link was asked from. */
export type CookieName = "session" | "browser";

export interface Cookies {
  /** "" when there is none, or none that we could have set. */
  read(request: Request, name: CookieName): string;
  set(response: Response, name: CookieName, value: string, maxAgeMs: number): void;
  clear(response: Response, name: CookieName): void;
}

/** Over https it begins with __Host-, so that no other host of the domain can set it. */
export const cookieName = (publicUrl: string, name: CookieName): string =>
  publicUrl.startsWith("https:") ? `__Host-polyphony-${name}` : `polyphony-${name}`;

/** Host-only cookies. */
export const hostCookies = (publicUrl: string): Cookies => {
  const secure = publicUrl.startsWith("https:");
  const full = (name: CookieName) => cookieName(publicUrl, name);
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  return {
    read: (request, name) => {
      const wanted = `${full(name)}=`;
      const pair = (request.headers.cookie ?? "").split(/; */).find((part) => part.startsWith(wanted));
      const value = pair?.slice(wanted.length) ?? "";
      return /^[A-Za-z0-9_-]{20,100}$/.test(value) ? value : "";
    },
    set: (response, name, value, maxAgeMs) => void response.cookie(full(name), value, { ...options, maxAge: maxAgeMs }),
    clear: (response, name) => void response.clearCookie(full(name), options),
  };
};
