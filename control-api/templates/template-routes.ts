import { listTemplates } from "../contract/templates.ts";
import { defineRoute } from "../http/define-route.ts";

export const templateRoutes = [
  defineRoute(listTemplates, async (_call, { templates }) => ({ items: await templates.offered() })),
];
