import type { Response } from "express";

/** A line that says nothing, this often, so that nobody on the way takes the stream for dead. */
const heartbeatMs = 15_000;

/** Streams are ended after this long; browsers ask again by themselves, and are let in again or not. */
const longestMs = 10 * 60_000;

/** Answers with server-sent events until they end, the visitor leaves, or the time is over. */
export const sendEvents = async (
  response: Response,
  events: (signal: AbortSignal) => AsyncIterable<unknown>,
  shape: (event: unknown) => unknown,
): Promise<void> => {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  response.on("close", end);
  const limit = setTimeout(end, longestMs);
  const heartbeat = setInterval(() => void response.write(":\n\n"), heartbeatMs);
  try {
    let id = 0;
    for await (const event of events(ended.signal)) {
      if (!response.headersSent) {
        response
          .status(200)
          .set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
      }
      id += 1;
      response.write(`id: ${String(id)}\ndata: ${JSON.stringify(shape(event))}\n\n`);
    }
  } finally {
    clearTimeout(limit);
    clearInterval(heartbeat);
    if (response.headersSent) response.end();
  }
};
