import type { RouteObject } from "react-router";
import { NotFound } from "../components/not-found.tsx";
import { PageCrash } from "../components/page-crash.tsx";
import { Frame } from "./frame.tsx";
import { RequireLogin } from "./require-login.tsx";

/** What each folder of pages exports as `pages` from its routes.tsx. Paths are absolute. */
export interface Pages {
  /** For anybody. */
  readonly open?: readonly RouteObject[];
  /** For whoever is logged in; others are sent to /login and come back. */
  readonly signedIn?: readonly RouteObject[];
}

const folders = import.meta.glob<Pages>("../pages/*/routes.tsx", { eager: true, import: "pages" });

/** Every page of the console within its frame. */
export const consoleRoutes = (): RouteObject[] => {
  const all = Object.values(folders);
  return [
    {
      element: <Frame />,
      errorElement: <PageCrash />,
      children: [
        {
          errorElement: <PageCrash />,
          children: [
            ...all.flatMap(({ open = [] }) => open),
            { element: <RequireLogin />, children: all.flatMap(({ signedIn = [] }) => signedIn) },
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ];
};
