import { z } from "zod";
import { anyone, route } from "./route-contract.ts";

export const TemplateView = z
  .object({
    name: z.string().meta({ description: "As a registration names it, for example choir." }),
    displayName: z.string(),
    plans: z.array(z.string()),
  })
  .meta({ id: "Template" });
export type TemplateView = z.infer<typeof TemplateView>;

export const listTemplates = route({
  method: "get",
  path: "/api/templates",
  summary: "The applications that can be registered for",
  tag: "Registration",
  allow: anyone,
  limit: "read",
  status: 200,
  reply: z.object({ items: z.array(TemplateView) }),
});
