import { createHash } from "node:crypto";
import { Router } from "express";
import { iconSvg, stylesheet } from "./stylesheet.ts";

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** Addresses that change with their content, so that browsers may keep them for ever. */
export const stylesheetPath = `/assets/style-${fingerprint(stylesheet)}.css`;
export const iconPath = `/assets/icon-${fingerprint(iconSvg)}.svg`;

/** Serves the stylesheet and the icon from memory. */
export function assetRoutes(): Router {
  const router = Router();
  const serve = (path: string, type: string, text: string) =>
    router.get(path, (_request, response) => {
      response.set("Cache-Control", "public, max-age=31536000, immutable").set("Content-Type", type).send(text);
    });
  serve(stylesheetPath, "text/css; charset=utf-8", stylesheet);
  serve(iconPath, "image/svg+xml", iconSvg);
  return router;
}
