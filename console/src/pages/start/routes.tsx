import type { Pages } from "../../app/console-routes.tsx";
import { StartPage } from "./start-page.tsx";

export const pages: Pages = { open: [{ path: "/", element: <StartPage /> }] };
