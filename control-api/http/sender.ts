import type { Response } from "express";
import type { Cookies } from "./cookies.ts";

/** What a route may say beside its reply. */
export interface Sender {
  logIn(sessionToken: string, maxAgeMs: number): void;
  logOut(): void;
  /** Binds this browser to a login link it asks for; keeps the value it has. */
  rememberBrowser(value: string): void;
  /** The version of what is sent, for If-Match. */
  version(version: number): void;
  location(path: string): void;
}

const year = 365 * 24 * 3600 * 1000;

export const senderFor = (response: Response, cookies: Cookies): Sender => ({
  logIn: (token, maxAgeMs) => cookies.set(response, "session", token, maxAgeMs),
  logOut: () => cookies.clear(response, "session"),
  rememberBrowser: (value) => cookies.set(response, "browser", value, year),
  version: (version) => void response.set("ETag", `"${String(version)}"`),
  location: (path) => void response.location(path),
});
