import { build } from "vite";

/** Builds the console into `folder`: index.html, and everything it loads under names that change with their content. */
export const buildConsole = async (folder: string): Promise<void> => {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic" } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2023",
      // As data: in a page it would be refused by the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 800,
      rolldownOptions: {
        // Packages say "use client" for servers that draw React; here all of it is client.
        onLog: (level, log, otherwise) => {
          if (log.code !== "MODULE_LEVEL_DIRECTIVE") otherwise(level, log);
        },
      },
    },
  });
};
