import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

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

/**
 * Runs the bundle with the code that V8 compiled at build time. Node's own compile cache would hold only what is
 * compiled before the bundle runs, half of it, and one folder per user; this is the same mechanism, used after a warm
 * start. Another Node or processor finds no file of its name and compiles as usual; nothing is ever written.
 */
const starter = String.raw`"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");
const filename = join(__dirname, "vault-bundle.cjs");
let cachedData;
try {
  cachedData = readFileSync(join(__dirname, "compile-cache", process.version + "-" + process.arch + ".cache"));
} catch {}
const source = "(function (exports, require, module, __filename, __dirname) {" + readFileSync(filename, "latin1") + "\n})";
const script = new Script(source, { filename, cachedData });
// The build takes the compiled code from here once the vault has served.
module.exports = script;
script.runInThisContext()({}, require, { exports: {} }, filename, __dirname);
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

// Run once for real, with the requests of a start: what they compile is then in the cache.
const warm = `process.argv = ["node", "vault.cjs", "serve"];
const { get } = require("node:http");
const fetched = (port, path, then) => get({ port, path, host: "127.0.0.1" }, (reply) => reply.resume().on("end", then));
process.stdout.write = (line) => {
  const said = JSON.parse(line);
  if (said.msg !== "listening") return true;
  fetched(said.port, "/", () => fetched(said.internalPort, "/readyz", () => {
    const name = "compile-cache/" + process.version + "-" + process.arch + ".cache";
    require("node:fs").writeFileSync(name, script.createCachedData());
    process.exit();
  }));
  return true;
};
const script = require(process.env.STARTER);
`;

const makeCodeCache = (outDir: string): void => {
  const env = { ...nowhere, STARTER: join(outDir, "vault.cjs") };
  const run = spawnSync(process.execPath, ["-e", warm], { cwd: outDir, env, encoding: "utf8", timeout: 30_000 });
  if (run.status !== 0 || readdirSync(join(outDir, "compile-cache")).length === 0) {
    throw new Error(`The vault's code cache could not be made: ${run.stderr || "the vault did not serve within 30 s"}`);
  }
};

/** esbuild escapes characters beyond ASCII everywhere but in tagged templates, and the starter would garble those. */
const refuseWideCharacters = (file: string): void => {
  const [found] = /.{0,30}[^\x00-\x7f].{0,10}/.exec(readFileSync(file, "utf8")) ?? [];
  if (found === undefined) return;
  throw new Error(
    `The bundle has a character beyond ASCII; in markup, write it as an entity such as &middot;. Near: ${found}`,
  );
};

/**
 * Writes the vault as the image takes it: `vault.cjs` (start it with `node vault.cjs serve`), the bundle beside it, and
 * compiled code for the Node that runs this build in `compile-cache/` (its bytes differ from build to build). With another Node it still starts, only slower.
 * With `schemaVersion` it is the release that needs that schema, without what came after it; else the newest.
 */
export async function buildVault(outDir: string, { schemaVersion }: { schemaVersion?: number } = {}): Promise<void> {
  const target = resolve(outDir);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "compile-cache"), { recursive: true });
  await build({
    entryPoints: [join(here, "main.ts")],
    outfile: join(target, "vault-bundle.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    // The starter's script has no loader of its own for import().
    supported: { "dynamic-import": false },
    minify: true,
    ...(schemaVersion === undefined ? {} : { define: { VAULT_SCHEMA_VERSION: String(schemaVersion) } }),
    keepNames: false,
    legalComments: "none",
    // One byte per character, as the starter reads it.
    charset: "ascii",
    external: ["pg-native", "pg-query-stream"],
    plugins: [slim],
    logLevel: "warning",
  });
  refuseWideCharacters(join(target, "vault-bundle.cjs"));
  writeFileSync(join(target, "vault.cjs"), starter);
  makeCodeCache(target);
}
