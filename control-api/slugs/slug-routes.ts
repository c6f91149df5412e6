import { getSlug } from "../contract/slugs.ts";
import { defineRoute } from "../http/define-route.ts";

export const slugRoutes = [defineRoute(getSlug, ({ params }, { slugs }) => slugs.availability(params.slug))];
