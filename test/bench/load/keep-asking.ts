import { connect } from "node:net";

/** What the program below is asked to do, as JSON in its first argument. */
export type Asking = {
  port: number;
  path: string;
  /** Asked for in turn, by their numbers from 0: slug-<n>.<domain>. */
  hosts: number;
  domain: string;
  connections: number;
  seconds: number;
};

/** What it prints, as JSON. Times in milliseconds. */
export type Asked = { answers: number; errors: number; seconds: number; p50: number; p99: number };

const headEnd = Buffer.from("\r\n\r\n");

/** How long an answer is, head and all; undefined while its head is not in. */
const lengthOf = (head: Buffer): { length: number; ok: boolean } | undefined => {
  const at = head.indexOf(headEnd);
  if (at === -1) return undefined;
  const text = head.subarray(0, at).toString("latin1");
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return { length: at + 4 + Number(length ?? NaN), ok: text.startsWith("HTTP/1.1 200") };
};

/** One kept connection that asks again as soon as it was answered. */
const keepAsking = (asking: Asking, number: number, until: number, took: number[], failed: () => void): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: asking.port, noDelay: true });
    let turn = number;
    let began = 0;
    let received: Buffer = Buffer.alloc(0);
    let left: number | undefined;
    const ask = (): void => {
      if (performance.now() >= until) {
        socket.end();
        return;
      }
      turn += asking.connections;
      const host = `slug-${String(turn % asking.hosts)}.${asking.domain}`;
      began = performance.now();
      socket.write(`GET ${asking.path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    };
    const answered = (): void => {
      took.push(performance.now() - began);
      left = undefined;
      received = Buffer.alloc(0);
      ask();
    };
    socket.on("connect", ask);
    socket.on("data", (chunk: Buffer) => {
      if (left !== undefined) {
        left -= chunk.length;
        if (left <= 0) answered();
        return;
      }
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const head = lengthOf(received);
      if (!head) return;
      if (!head.ok || Number.isNaN(head.length)) {
        failed();
        socket.destroy();
        return;
      }
      left = head.length - received.length;
      if (left <= 0) answered();
    });
    socket.on("error", failed);
    socket.on("close", () => resolve());
  });

if (import.meta.main) {
  const asking = JSON.parse(process.argv[2] ?? "{}") as Asking;
  const took: number[] = [];
  let errors = 0;
  const began = performance.now();
  const until = began + asking.seconds * 1000;
  const numbers = Array.from({ length: asking.connections }, (_, index) => index);
  await Promise.all(numbers.map((number) => keepAsking(asking, number, until, took, () => (errors += 1))));
  const sorted = took.sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
  const seconds = (performance.now() - began) / 1000;
  const asked: Asked = { answers: took.length, errors, seconds, p50: at(0.5), p99: at(0.99) };
  process.stdout.write(JSON.stringify(asked));
}
