import { createServer } from "node:net";

/**
 * Below the range from which Linux gives ports to connections (32768-60999) and to listeners on port 0: a port that is
 * named here stays free until its program is up, and while it is down for a moment.
 */
const range = { first: 11_000, blocks: 50, blockSize: 360 };

/** Programs that ask at the same time do so in blocks of their own; each begins somewhere in it and goes round. */
const first = range.first + (process.pid % range.blocks) * range.blockSize;
let next = Math.floor(Math.random() * range.blockSize);

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => void server.close(() => resolve(true)));
  });

const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < range.blockSize; tries += 1) {
    const port = first + next;
    next = (next + 1) % range.blockSize;
    if (await isFree(port)) return port;
  }
  throw new Error(`None of the ports ${String(first)}-${String(first + range.blockSize - 1)} is free on 127.0.0.1.`);
};

/** Ports on 127.0.0.1 that are free now, all different, and that nobody is given by chance. */
export const freePorts = (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, freePort));
