import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import ts from "typescript";
import { buildVault } from "../../vault-template/build.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { runSql, templateDatabases } from "../contract/template-databases.ts";
import { freePorts } from "../harness/free-ports.ts";
import { startPostgres } from "../harness/postgres.ts";
import { quick, sized } from "./findings.ts";
import { machineFacts, median, writeSection } from "./report.ts";

// app-boot: from starting the vault's process to its first 200, and what it then holds in memory.
// Subject: the bundle as the image takes it. Peer: the same source, one JavaScript file per module, its libraries from
// node_modules, no compile cache: the plain way to start it.

const root = join(import.meta.dirname, "../..");
const rounds = sized("ROUNDS", { whole: 9, short: 1 });

/** A run whose peer moves more than this from its median is void and not written down. */
const mostSpread = 0.2;

interface Boot {
  /** Start → reply to GET / complete, and → /readyz is 200 (database asked, owner seeded). Milliseconds. */
  first200: number;
  ready: number;
  /** User and system time until ready, milliseconds. */
  cpu: number;
  /** Resident after two idle seconds, megabytes (10^6). */
  rss: number;
}

/** The vault's source as plain JavaScript, file by file. */
const plainJavaScript = (folder: string): string => {
  const source = join(root, "vault-template");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(?<!\.test)\.ts$/.test(path),
  );
  for (const path of files) {
    const target = join(folder, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2024,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    };
    const { outputText } = ts.transpileModule(readFileSync(join(source, path), "utf8"), { compilerOptions });
    writeFileSync(target, outputText);
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "main.js");
};

const status = (port: number, path: string): Promise<number> =>
  new Promise((resolve) => {
    const asked = get({ host: "127.0.0.1", port, path, agent: false }, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
    });
    asked.on("error", () => resolve(0));
  });

const until200 = async (port: number, path: string): Promise<number> => {
  while ((await status(port, path)) !== 200) await pause(2);
  return performance.now();
};

const ticksOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
};

const residentOf = (pid: number): number => {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
};

const boot = async (program: string, databaseUrl: string, idleMs: number): Promise<Boot> => {
  const [port = 0, internalPort = 0] = await freePorts(2);
  const env = {
    VAULT_ID: "00000000-0000-4000-8000-000000000001",
    VAULT_NAME: "Boot",
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: databaseUrl,
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "no-reply@example.org",
    SIGNING_KEY: "0123456789abcdef0123456789abcdef",
    OWNER_EMAIL: "owner@example.org",
    OWNER_NAME: "Owner",
    ACCESS: "ReadWrite",
    PORT: String(port),
    INTERNAL_PORT: String(internalPort),
    DRAIN_DELAY_MS: "0",
  };
  const start = performance.now();
  const child = spawn(process.execPath, [program, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const pid = child.pid ?? 0;
  // Its first line says that it listens: asking before would only take processor time from it.
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.stdout.resume();
  const [first, ready] = await Promise.all([until200(port, "/"), until200(internalPort, "/readyz")]);
  const cpu = ticksOf(pid) * 10;
  await pause(idleMs);
  const rss = residentOf(pid);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  return { first200: first - start, ready: ready - start, cpu, rss };
};

/** The middle of several starts; memory is that of the last, which alone had time to settle. */
const middle = (boots: readonly Boot[]): Boot => ({
  first200: median(boots.map((one) => one.first200)),
  ready: median(boots.map((one) => one.ready)),
  cpu: median(boots.map((one) => one.cpu)),
  rss: boots.at(-1)?.rss ?? NaN,
});

const startsPerRound = 3;

const measure = async (bundle: string, plain: string, databaseUrl: string) => {
  // Once each, unmeasured: files come into the page cache, the owner into the database.
  await boot(bundle, databaseUrl, 0);
  await boot(plain, databaseUrl, 0);
  const measured: { subject: Boot; peer: Boot }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [subjects, peers]: [Boot[], Boot[]] = [[], []];
    for (let start = 0; start < startsPerRound; start++) {
      const idleMs = start === startsPerRound - 1 ? 2000 : 0;
      const inTurn = (round + start) % 2 === 0 ? [subjects, peers] : [peers, subjects];
      for (const boots of inTurn) boots.push(await boot(boots === subjects ? bundle : plain, databaseUrl, idleMs));
    }
    const [subject, peer] = [middle(subjects), middle(peers)];
    measured.push({ subject, peer });
    const told = `${subject.first200.toFixed(0)} ms against ${peer.first200.toFixed(0)} ms, ${subject.rss.toFixed(1)} MB`;
    process.stdout.write(`round ${round + 1} of ${rounds}: ${told}\n`);
  }
  return measured;
};

const spread = (values: number[]): number => Math.max(...values.map((value) => Math.abs(value / median(values) - 1)));

const reportOf = (measured: Awaited<ReturnType<typeof measure>>, facts: string): string => {
  const row = (label: string, pick: (one: Boot) => number, unit: string) => {
    const [subject, peer] = [measured.map((one) => pick(one.subject)), measured.map((one) => pick(one.peer))];
    const ratio = median(measured.map((one) => pick(one.subject) / pick(one.peer)));
    return `| ${label} | ${median(subject).toFixed(0)} ${unit} | ${median(peer).toFixed(0)} ${unit} | ${ratio.toFixed(2)} |`;
  };
  const ratio = median(measured.map(({ subject, peer }) => subject.first200 / peer.first200));
  const rss = Math.max(...measured.map(({ subject }) => subject.rss));
  const moved = spread(measured.map(({ peer }) => peer.first200));
  const verdict = (met: boolean) => (met ? "met" : "**missed**");
  return `From starting the vault's process to its first 200 on \`/\` (subject: the bundle with V8's code cache; peer: the same source
unbundled, libraries from node_modules, no cache), ${measured.length} rounds of ${startsPerRound} starts
each, interleaved.

| | subject | peer | ratio |
| --- | --- | --- | --- |
${row("first 200", (one) => one.first200, "ms")}
${row("ready (database asked, owner seeded)", (one) => one.ready, "ms")}
${row("CPU until ready", (one) => one.cpu, "ms")}
${row("resident after 2 s idle", (one) => one.rss, "MB")}

Goals: first 200 at most 0.45 of the peer: ${ratio.toFixed(2)}, ${verdict(ratio <= 0.45)}; at most 80 MB resident idle: ${rss.toFixed(1)} MB at most, ${verdict(rss <= 80)}.
The peer moved by up to ${(moved * 100).toFixed(0)} % from its median${moved > mostSpread ? "; **the machine was not quiet enough, this run is void**" : ""}.

${facts}`;
};

const run = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "app-boot-"));
  const given = process.env["POLYPHONY_TEST_PG_ADMIN_URL"];
  const server = given === undefined ? await startPostgres() : undefined;
  const adminUrl = given ?? server?.adminUrl ?? "";
  const databases = templateDatabases(adminUrl, writableWhenReadOnly);
  try {
    await buildVault(join(folder, "bundle"));
    const bundle = join(folder, "bundle", "vault.cjs");
    const database = await databases.create();
    const list = join(folder, "list");
    writeFileSync(list, JSON.stringify({ id: "bench", url: database.migratorUrl }));
    const migrate = spawn(process.execPath, [bundle, "migrate", list], { stdio: "inherit" });
    await new Promise((resolve) => migrate.once("exit", resolve));
    const measured = await measure(bundle, plainJavaScript(join(folder, "plain")), database.rwUrl);
    const [version] = await runSql<{ server_version: string }>(adminUrl, "SHOW server_version");
    const text = reportOf(measured, machineFacts([`PostgreSQL ${version?.server_version ?? "?"}`]));
    process.stdout.write(`\n${text}\n`);
    if (spread(measured.map(({ peer }) => peer.first200)) > mostSpread) process.exitCode = 1;
    else if (!quick) writeSection(join(root, "docs/benchmarks.md"), "app-boot", text);
  } finally {
    await databases.dropAll();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

await run();
