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
  migrate(target: { url: string; receipt?: string | undefined }): Promise<{ from: number; to: number }>;
  explain(error: unknown): string;
  /** Whether the database was left to a session that holds a lock: it is tried again after the others. */
  gaveWay(error: unknown): boolean;
  pause(milliseconds: number): Promise<void>;
  print(line: string): void;
  clock: Clock;
  /** Asked before each database: true stops the run after those under way. */
  stopping(): boolean;
}

const Line = z.object({
  id: z.string().min(1).max(300),
  url: z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)),
  receipt: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
});

/** Databases worked on at a time; more was measured to be no quicker. */
const atATime = 8;

/** How often a database that is locked is tried in one run, and how long it is left alone in between at least. */
const attempts = 5;
const leaveAloneMs = 1000;

const parsed = (text: string, number: number): Pick<Task, "id" | "url" | "receipt"> => {
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

interface Task {
  id: string;
  url?: string;
  receipt?: string | undefined;
  /** Times that it gave way so far. */
  gaveWay: number;
}

/** Null when it gave way and is to be tried again. */
const migrateOne = async (task: Task, deps: MigrateDeps): Promise<MigrationResult | null> => {
  const { id, url, receipt } = task;
  const start = deps.clock.now().getTime();
  const ms = () => deps.clock.now().getTime() - start;
  if (url === undefined) {
    const error = 'Not a line of the list. Write {"id":"…","url":"postgres://…"}, one object per line.';
    return { id, ok: false, ms: ms(), error };
  }
  if (deps.stopping()) {
    const error = "Not started: the run was asked to stop. Run the list again.";
    return { id, ok: false, ms: 0, notStarted: true, error };
  }
  try {
    const { from, to } = await deps.migrate({ url, receipt });
    return { id, ok: true, from, to, ms: ms() };
  } catch (error) {
    task.gaveWay += 1;
    if (deps.gaveWay(error) && task.gaveWay < attempts) return null;
    return { id, ok: false, ms: ms(), error: deps.explain(error) };
  }
};

/** The list's databases in order, then again those that gave way: no hand waits for a lock while others are to be done. */
const tasksOf = (lines: AsyncIterable<string>) => {
  const source = lines[Symbol.asyncIterator]();
  const again: Task[] = [];
  let number = 0;
  return {
    postpone: (task: Task): void => void again.push(task),
    next: async (): Promise<Task | undefined> => {
      for (;;) {
        const next = await source.next();
        if (next.done === true) return again.shift();
        number += 1;
        if (next.value.trim() !== "") return { ...parsed(next.value, number), gaveWay: 0 };
      }
    },
  };
};

/**
 * Migrates every database of an NDJSON list (one {"id","url"} per line, read as it comes) and prints one JSON line
 * each. One that fails or is locked holds no other up. Resolves to true if all are done; safe to run again.
 */
export async function migrateList(lines: AsyncIterable<string>, deps: MigrateDeps): Promise<boolean> {
  const tasks = tasksOf(lines);
  let allOk = true;
  const worker = async (): Promise<void> => {
    for (let task = await tasks.next(); task !== undefined; task = await tasks.next()) {
      if (task.gaveWay > 0) await deps.pause(leaveAloneMs);
      const result = await migrateOne(task, deps);
      if (result === null) {
        tasks.postpone(task);
        continue;
      }
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
