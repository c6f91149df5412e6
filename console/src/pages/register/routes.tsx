import type { Pages } from "../../app/console-routes.tsx";
import { CheckMailPage } from "./check-mail-page.tsx";
import { RegisterPage } from "./register-page.tsx";

export const pages: Pages = {
  open: [
    { path: "/register", element: <RegisterPage /> },
    { path: "/register/check-mail", element: <CheckMailPage /> },
  ],
};
