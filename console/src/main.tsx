import "@mantine/core/styles.css";
import "./theme/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { createBrowserRouter, RouterProvider } from "react-router";
import type { Me } from "../../control-api/contract/login.ts";
import { createApiClient } from "./api/api-client.ts";
import { ApiProvider } from "./api/api-context.tsx";
import { ApiProblem } from "./api/api-problem.ts";
import { meKey } from "./api/use-me.ts";
import { consoleRoutes } from "./app/console-routes.tsx";
import { loadAnewWhenPartsAreMissing } from "./app/load-anew.ts";
import { cookieSchemeManager } from "./app/scheme-manager.ts";
import { createI18n, loadWords } from "./i18n/create-i18n.ts";
import { cssVariables, theme } from "./theme/theme.ts";

/** Only what may pass by itself is tried again. */
const mayPass = (times: number, error: unknown): boolean =>
  times < 3 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500);

const queries = new QueryClient({ defaultOptions: { queries: { retry: mayPass, staleTime: 5_000 } } });

const api = createApiClient({
  fetch: (input, init) => window.fetch(input, init),
  csrfToken: () => queries.getQueryData<Me | null>(meKey)?.csrfToken ?? "",
  onLoggedOut: () => queries.setQueryData(meKey, null),
});

const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";

const start = async (root: HTMLElement): Promise<void> => {
  const i18n = await createI18n();
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          colorSchemeManager={cookieSchemeManager()}
          defaultColorScheme="auto"
          getStyleNonce={() => styleNonce}
        >
          <QueryClientProvider client={queries}>
            <ApiProvider value={api}>
              <RouterProvider router={createBrowserRouter(consoleRoutes((folder) => loadWords(i18n, folder)))} />
            </ApiProvider>
          </QueryClientProvider>
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  );
};

loadAnewWhenPartsAreMissing();
const root = document.getElementById("root");
if (root) await start(root);
