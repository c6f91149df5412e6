import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";

/** Beside each file of code and style the same one compressed, a quarter as long, so that serving costs no time for it. */
const compress = (folder: string): void => {
  for (const name of globSync("assets/*.{js,css}", { cwd: folder })) {
    const file = join(folder, name);
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
  }
};

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
      chunkSizeWarningLimit: 1_500,
      rolldownOptions: {
        // Packages say "use client" for servers that draw React; here all of it is client.
        onLog: (level, log, otherwise) => {
          if (log.code !== "MODULE_LEVEL_DIRECTIVE") otherwise(level, log);
        },
      },
    },
  });
  compress(folder);
};
