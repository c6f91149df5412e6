import type { RouteObject } from "react-router";
import { NotFound } from "../components/not-found.tsx";
import { PageCrash } from "../components/page-crash.tsx";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { Frame } from "./frame.tsx";
import { RequireLogin } from "./require-login.tsx";

/** What each folder of pages exports as `pages` from its routes.ts. Paths are absolute; pages are loaded by `lazyFrom`. */
export interface Pages {
  /** For anybody. */
  readonly open?: RouteObject[];
  /** For whoever is logged in; others are sent to /login and come back. */
  readonly signedIn?: RouteObject[];
}

const folders = import.meta.glob<Pages>("../pages/*/routes.ts", { eager: true, import: "pages" });

const folderOf = (path: string): string => /pages\/([^/]+)\//.exec(path)?.[1] ?? "";

/** Every page of the console within its frame; the words of a folder are read beside its pages. */
export const consoleRoutes = (loadWords: (folder: string) => Promise<void>): RouteObject[] => {
  const routesOf = ([path, { open = [], signedIn = [] }]: [string, Pages]): RouteObject => ({
    loader: () => loadWords(folderOf(path)),
    shouldRevalidate: () => false,
    children: [...open, { element: <RequireLogin />, children: signedIn }],
  });
  return [
    {
      element: <Frame />,
      errorElement: <PageCrash />,
      children: [
        {
          errorElement: <PageCrash />,
          hydrateFallbackElement: <PageSkeleton />,
          children: [...Object.entries(folders).map(routesOf), { path: "*", element: <NotFound /> }],
        },
      ],
    },
  ];
};
