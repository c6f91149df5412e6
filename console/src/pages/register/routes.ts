import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./register-pages.ts"));

export const pages: Pages = {
  open: [
    { path: "/register", lazy: page("RegisterPage") },
    { path: "/register/check-mail", lazy: page("CheckMailPage") },
  ],
};
