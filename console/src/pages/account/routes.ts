import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./account-page.tsx"));

export const pages: Pages = { signedIn: [{ path: "/account", lazy: page("AccountPage") }] };
