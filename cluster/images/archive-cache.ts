import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Keeps an image's three newest archives: the present one, and what a running cluster may still come back to. */
export async function removeOlderArchives(name: string, newest: string): Promise<void> {
  const folder = dirname(newest);
  const ours = new RegExp(`^${name}-[0-9a-f]{16}\\.tar$`);
  const files = (await readdir(folder)).filter((file) => ours.test(file) && file !== basename(newest));
  const dated = await Promise.all(
    files.map(async (file) => ({ file, time: (await stat(join(folder, file))).mtimeMs })),
  );
  for (const { file } of dated.sort((a, b) => b.time - a.time).slice(2)) {
    await rm(join(folder, file), { force: true });
    await rm(join(folder, `${file}.lock`), { force: true });
  }
}
