import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Clock } from "./clock.ts";

/** One row of the result, in the order in which databases are done. */
export interface MigrationResult {
  id: string;
  ok: boolean;
  /** Schema version before and after; left out when the database could not be asked. */
  from?: number;
  to?: number;
  ms: number;
  error?: string;
  /** The run was asked to stop before it came to this one; nothing is wrong with it. */
  notStarted?: true;
}

export interface MigrateDeps {
  migrate(url: string): Promise<{ from: number; to: number }>;
  explain(error: unknown): string;
  print(line: string): void;
  clock: Clock;
  /** Asked before each database: true stops the run after those under way. */
  stopping(): boolean;
}

const Line = z.object({
  id: z.string().min(1).max(300),
  url: z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)),
});

/** Databases worked on at a time; more was measured to be no quicker. */
const atATime = 8;

const parsed = (text: string, number: number): { id: string; url?: string } => {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { id: `line ${String(number)}` };
  }
  const line = Line.safeParse(raw);
  if (line.success) return line.data;
  const id = (raw as { id?: unknown } | null)?.id;
  return { id: typeof id === "string" && id !== "" ? id : `line ${String(number)}` };
};

const migrateOne = async (line: { id: string; url?: string }, deps: MigrateDeps): Promise<MigrationResult> => {
  const start = deps.clock.now().getTime();
  const ms = () => deps.clock.now().getTime() - start;
  if (line.url === undefined) {
    const error = 'Not a line of the list. Write {"id":"…","url":"postgres://…"}, one object per line.';
    return { id: line.id, ok: false, ms: ms(), error };
  }
  if (deps.stopping())
    return {
      id: line.id,
      ok: false,
      ms: 0,
      notStarted: true,
      error: "Not started: the run was asked to stop. Run the list again.",
    };
  try {
    const { from, to } = await deps.migrate(line.url);
    return { id: line.id, ok: true, from, to, ms: ms() };
  } catch (error) {
    return { id: line.id, ok: false, ms: ms(), error: deps.explain(error) };
  }
};

/**
 * Migrates every database of an NDJSON list (one {"id","url"} per line, read as it comes) and prints one JSON line
 * each. One that fails holds no other up. Resolves to true if all are done; safe to run again.
 */
export async function migrateList(lines: AsyncIterable<string>, deps: MigrateDeps): Promise<boolean> {
  const source = lines[Symbol.asyncIterator]();
  let number = 0;
  let allOk = true;
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      number += 1;
      if (next.value.trim() === "") continue;
      const result = await migrateOne(parsed(next.value, number), deps);
      allOk &&= result.ok;
      deps.print(`${JSON.stringify(result)}\n`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return allOk;
}

/** The lines of a file, or of stdin when no path is given. Throws what `open` throws when there is no such file. */
export async function linesOf(path: string | undefined): Promise<AsyncIterable<string>> {
  if (path === undefined) return createInterface({ input: process.stdin, crlfDelay: Infinity });
  const file = await open(path);
  return file.readLines();
}
