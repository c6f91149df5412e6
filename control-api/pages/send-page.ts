import type { Response } from "express";
import { layout, type Page } from "./layout.ts";
import { pagePolicy } from "./stylesheet.ts";

/** A page as it leaves: kept by nobody, and another one for each browser's own wishes. */
export const sendPage = (response: Response, status: number, page: Page): void => {
  response
    .status(status)
    .set({ "Content-Security-Policy": pagePolicy, "Cache-Control": "no-store", Vary: "Accept-Language, Cookie" })
    .type("html")
    .send(layout(page));
};
