import { systemClock } from "./clock.ts";
import { ConfigError, readConfig } from "./config.ts";
import { jsonLog } from "./log.ts";

const usage = `Usage: vault serve
       vault migrate [list.ndjson]

  serve    runs the vault; its environment is described in docs/vault-contract.md
  migrate  brings databases to this release's schema; the list (a file, or stdin) has one
           {"id":"…","url":"postgres://…"} per line, and one JSON line per database is printed
`;

const toStdout = (text: string) => void process.stdout.write(text);
const toStderr = (text: string) => void process.stderr.write(text);

const runServe = async (): Promise<void> => {
  const config = readConfig(process.env);
  const log = jsonLog(toStdout, () => systemClock.now(), { vaultId: config.vaultId });
  const { serve } = await import("./serve.ts");
  const vault = await serve(config, systemClock, log);
  let asked = false;
  const stop = () => {
    // Whoever asks twice does not want to wait.
    if (asked) process.exit(1);
    asked = true;
    vault.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error("could not stop in order", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
};

const runMigrate = async (path: string | undefined): Promise<void> => {
  const [
    { gaveWay, migrateDatabase, migrationFailure },
    { migrateList, linesOf },
    { migrations },
    { setTimeout: pause },
  ] = await Promise.all([
    import("./db/migrate-database.ts"),
    import("./migrate.ts"),
    import("./db/migrations/index.ts"),
    import("node:timers/promises"),
  ]);
  let stopping = false;
  process.on("SIGTERM", () => (stopping = true)).on("SIGINT", () => (stopping = true));
  const options = { migrations, lockTimeoutMs: 3000, statementTimeoutMs: 900_000 };
  const allOk = await migrateList(await linesOf(path), {
    migrate: (target) => migrateDatabase(target, options),
    explain: migrationFailure,
    gaveWay,
    pause: (ms) => pause(ms),
    print: toStdout,
    clock: systemClock,
    stopping: () => stopping,
  });
  process.exitCode = allOk ? 0 : 1;
};

const run = async ([command, ...rest]: string[]): Promise<void> => {
  if (command === "serve" && rest.length === 0) return runServe();
  if (command === "migrate" && rest.length <= 1) return runMigrate(rest[0]);
  toStderr(usage);
  process.exitCode = 2;
};

run(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  toStderr(error instanceof ConfigError ? `${message}\n` : `The vault could not go on: ${message}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
