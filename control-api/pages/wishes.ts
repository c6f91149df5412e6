import type { Request, Response } from "express";
import { locales, type Locale } from "../contract/fields.ts";
import type { Wishes } from "./layout.ts";

const year = 365 * 24 * 3600 * 1000;

/** Kept by the console too, which is why scripts may read them. */
const wish = (request: Request, name: "language" | "scheme"): string =>
  new RegExp(`(?:^|; *)polyphony-${name}=(\\w+)`).exec(request.headers.cookie ?? "")?.[1] ?? "";

export const isLocale = (text: unknown): text is Locale => locales.some((locale) => locale === text);

const spoken = (request: Request): Locale => {
  const language = request.acceptsLanguages("en", "nb", "no", "nn", "da", "sv");
  return language === false || language === "en" ? "en" : "nb";
};

/** What was chosen in this browser before, else what it says of itself. */
export const wishesOf = (request: Request): Wishes => {
  const [language, scheme] = [wish(request, "language"), wish(request, "scheme")];
  return {
    locale: isLocale(language) ? language : spoken(request),
    scheme: scheme === "light" || scheme === "dark" ? scheme : undefined,
  };
};

export const keepLanguage = (response: Response, locale: Locale, secure: boolean): void =>
  void response.cookie("polyphony-language", locale, { path: "/", sameSite: "lax", maxAge: year, secure });
