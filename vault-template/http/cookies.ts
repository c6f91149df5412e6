import type { Request, Response } from "express";

export interface Cookies {
  read(request: Request, name: CookieName): string | null;
  set(response: Response, name: CookieName, value: string, maxAgeMs: number): void;
  clear(response: Response, name: CookieName): void;
}

/**
 * `session`: who is logged in. `visitor`: what form tokens of people who are not are tied to. `registry`: what a login
 * with Polyphony is tied to while it is under way.
 */
export type CookieName = "session" | "visitor" | "registry";

/**
 * Host-only cookies. Over https their names start with __Host-, so that no other host of the domain can set them;
 * browsers refuse that prefix over plain http (a demo on localhost).
 */
export function hostCookies(publicOrigin: string): Cookies {
  const secure = publicOrigin.startsWith("https:");
  const full = (name: CookieName) => (secure ? `__Host-${name}` : name);
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  return {
    read: (request, name) => {
      const wanted = `${full(name)}=`;
      const pair = (request.headers.cookie ?? "").split(/; */).find((part) => part.startsWith(wanted));
      const value = pair?.slice(wanted.length) ?? "";
      // Our values are base64url; anything else was not set by us.
      return /^[A-Za-z0-9_-]{20,100}$/.test(value) ? value : null;
    },
    set: (response, name, value, maxAgeMs) => {
      response.cookie(full(name), value, { ...options, maxAge: maxAgeMs });
    },
    clear: (response, name) => {
      response.clearCookie(full(name), options);
    },
  };
}
