import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What each caller is to be told by one route, by the caller's name. */
export interface WhoMay {
  /** As in "GET /api/me". */
  readonly route: string;
  readonly told: ReadonlyMap<string, number>;
}

/** The table of who-may.txt. Throws when a line has another number of columns than its head. */
export const readWhoMay = (): WhoMay[] => {
  const text = readFileSync(join(import.meta.dirname, "who-may.txt"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const [head = [], ...rows] = lines.map((line) => line.trim().split(/ +/));
  const callers = head.slice(2);
  return rows.map(([method = "", path = "", ...statuses]) => {
    const route = `${method} ${path}`;
    if (statuses.length !== callers.length) throw new Error(`who-may.txt: ${route} needs ${callers.length} statuses.`);
    return { route, told: new Map(callers.map((caller, index) => [caller, Number(statuses[index])])) };
  });
};

/** Whether an answer lets nobody through. */
export const isRefusal = (status: number): boolean => [401, 403, 404].includes(status);
