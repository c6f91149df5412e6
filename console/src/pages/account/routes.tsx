import type { Pages } from "../../app/console-routes.tsx";
import { AccountPage } from "./account-page.tsx";

export const pages: Pages = { signedIn: [{ path: "/account", element: <AccountPage /> }] };
