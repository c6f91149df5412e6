import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

/** The user that vault images run as; Node keeps one compile cache per user. */
const imageUser = 65532;

const here = import.meta.dirname;

/** File types that the vault ever sends; the whole database of them is a tenth of the bundle. */
const sentTypes = [
  "text/html",
  "text/css",
  "text/plain",
  "application/json",
  "image/svg+xml",
  "application/octet-stream",
];

const smallMimeDatabase = (): string => {
  const all = createRequire(import.meta.url)("mime-db") as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(sentTypes.map((type) => [type, all[type]])));
};

/** Leaves out what libraries carry for cases that a vault never has: other databases, other alphabets' encodings. */
const slim: Plugin = {
  name: "slim",
  setup: (bundler) => {
    bundler.onLoad({ filter: /knex\/lib\/dialects\/index\.js$/ }, () => ({
      contents: "exports.getDialectByNameOrAlias = () => require('./postgres/index.js')",
    }));
    bundler.onLoad({ filter: /iconv-lite\/encodings\/index\.js$/ }, () => ({
      contents: "module.exports = require('./internal.js')",
    }));
    bundler.onLoad({ filter: /mime-db\/db\.json$/ }, () => ({ contents: smallMimeDatabase(), loader: "json" }));
  },
};

/** Turns the compile cache on before anything is loaded. "portable" keeps it valid wherever the folder is put. */
const starter = `"use strict";
const { enableCompileCache } = require("node:module");
enableCompileCache({ directory: require("node:path").join(__dirname, "compile-cache"), portable: true });
require("./vault-bundle.cjs");
`;

/** Enough to pass the parsing of the environment; nothing here is reached. */
const nowhere = {
  VAULT_ID: "00000000-0000-4000-8000-000000000000",
  VAULT_NAME: "Build",
  PUBLIC_URL: "http://localhost",
  DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
  SMTP_URL: "smtp://127.0.0.1:9",
  MAIL_FROM: "nobody@localhost",
  SIGNING_KEY: "0".repeat(32),
  OWNER_EMAIL: "nobody@localhost",
  OWNER_NAME: "Nobody",
  ACCESS: "ReadWrite",
  PORT: "0",
  INTERNAL_PORT: "0",
  DRAIN_DELAY_MS: "0",
};

// Run once for real: functions that a start compiles are then in the cache too, not only the outer script.
const warm = `process.argv = ["node", "vault.cjs", "serve"];
process.stdout.write = (line) => {
  const said = JSON.parse(line);
  if (said.msg !== "listening") return true;
  const get = (port, path, then) => require("node:http").get({ port, path, host: "127.0.0.1" }, (reply) => reply.resume().on("end", then));
  get(said.port, "/", () => get(said.internalPort, "/readyz", () => {
    require("node:module").flushCompileCache();
    process.kill(process.pid, "SIGTERM");
  }));
  return true;
};
require(process.env.STARTER);
`;

const fillCompileCache = (outDir: string): void => {
  const warmer = spawnSync(process.execPath, ["-e", warm], {
    cwd: outDir,
    env: { ...nowhere, STARTER: join(outDir, "vault.cjs") },
    encoding: "utf8",
    timeout: 30_000,
  });
  const cacheDir = join(outDir, "compile-cache");
  const [tag] = readdirSync(cacheDir);
  if (warmer.status !== 0 || tag === undefined) {
    throw new Error(`The vault's compile cache could not be made: ${warmer.stderr || "it stayed empty"}`);
  }
  // Node makes them readable by their owner alone; in the image that is root, and the vault runs as somebody else.
  for (const file of readdirSync(join(cacheDir, tag))) chmodSync(join(cacheDir, tag, file), 0o644);
  // Folders are named version-platform-flags-user.
  const ofImageUser = tag.replace(/-\d+$/, `-${String(imageUser)}`);
  if (ofImageUser !== tag) cpSync(join(cacheDir, tag), join(cacheDir, ofImageUser), { recursive: true });
};

/**
 * Writes the vault as the image takes it: `vault.cjs` (start it with `node vault.cjs serve`), the bundle beside it, and
 * a compile cache for the Node that runs this build. With another Node it still starts, only slower.
 */
export async function buildVault(outDir: string): Promise<void> {
  const target = resolve(outDir);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  await build({
    entryPoints: [join(here, "main.ts")],
    outfile: join(target, "vault-bundle.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    minify: true,
    keepNames: false,
    legalComments: "none",
    external: ["pg-native", "pg-query-stream"],
    plugins: [slim],
    logLevel: "warning",
  });
  writeFileSync(join(target, "vault.cjs"), starter);
  fillCompileCache(target);
}
