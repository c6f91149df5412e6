import { z } from "zod";
import { anyone, route } from "./route-contract.ts";

export const SlugAvailability = z
  .object({
    slug: z.string(),
    available: z.boolean(),
    reason: z.enum(["syntax", "reserved", "taken", "confusable"]).optional(),
    message: z.string().optional().meta({ description: "Why not, and what to do, for a person." }),
    suggestions: z.array(z.string()).meta({ description: "Others that can be had now." }),
  })
  .meta({ id: "SlugAvailability" });
export type SlugAvailability = z.infer<typeof SlugAvailability>;

export const getSlug = route({
  method: "get",
  path: "/api/slugs/{slug}",
  summary: "Whether an address can be had",
  tag: "Registration",
  allow: anyone,
  limit: "read",
  status: 200,
  params: z.object({ slug: z.string().min(1).max(200) }),
  reply: SlugAvailability,
});
