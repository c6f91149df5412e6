import { Pool } from "undici";

/** What the program below is asked to do, as JSON in its first argument. */
export interface ApiAsking {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** "{n}" in it becomes another number each time: of digits, none of which is taken for another. */
  readonly body?: string;
  readonly connections: number;
  /** null: each connection asks again as soon as it is answered. Else so many are begun, whether or not the last were answered. */
  readonly perSecond: number | null;
  readonly seconds: number;
}

/** What it prints, as JSON. Times in milliseconds, from when a request was due. */
export interface ApiAsked {
  readonly answers: number;
  readonly errors: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const askFor = async (asking: ApiAsking): Promise<ApiAsked> => {
  const pool = new Pool(asking.url, { connections: asking.connections });
  const took: number[] = [];
  let errors = 0;
  let number = 0;
  const run = `${String(process.pid)}${String(Date.now())}`;
  const ask = async (due: number): Promise<void> => {
    number += 1;
    const { method, path, headers } = asking;
    const body = asking.body?.replaceAll("{n}", `${run}${String(number)}`) ?? null;
    try {
      const answer = await pool.request({ method, path, headers, body });
      await answer.body.dump();
      if (answer.statusCode >= 300) errors += 1;
      else took.push(performance.now() - due);
    } catch {
      errors += 1;
    }
  };
  const began = performance.now();
  const until = began + asking.seconds * 1000;
  const inTurn = async (): Promise<void> => {
    while (performance.now() < until) await ask(performance.now());
  };
  const onTime = async (perSecond: number): Promise<void> => {
    const all: Promise<void>[] = [];
    for (let due = began; due < until; due += 1000 / perSecond) {
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      all.push(ask(due));
    }
    await Promise.all(all);
  };
  if (asking.perSecond === null) await Promise.all(Array.from({ length: asking.connections }, inTurn));
  else await onTime(asking.perSecond);
  await pool.close();
  const sorted = took.sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
  return { answers: took.length, errors, seconds: (performance.now() - began) / 1000, p50: at(0.5), p99: at(0.99) };
};

if (import.meta.main)
  process.stdout.write(JSON.stringify(await askFor(JSON.parse(process.argv[2] ?? "{}") as ApiAsking)));
