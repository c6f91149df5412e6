import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./start-page.tsx"));

export const pages: Pages = { open: [{ path: "/", lazy: page("StartPage") }] };
