import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** Whether a request announces a body. Node's parser has refused contradictory announcements by now. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined ||
  (headers["content-length"] !== undefined && headers["content-length"] !== "0");

const expectsContinue = (req: IncomingMessage): boolean => req.headers.expect?.toLowerCase() === "100-continue";

/**
 * The request's body for one attempt. Nothing is read before the vault is connected and wants it, so an attempt that
 * never connected has consumed nothing; a client that waits for "100 Continue" hears it at that moment. Destroying it
 * (the vault answered early or broke off) leaves the client's connection whole, so that it still gets its answer.
 * @param idleMs silence of the client after which the upload is given up
 */
export const requestBody = (req: IncomingMessage, res: ServerResponse, idleMs: number): Readable => {
  let begun = false;
  const onData = (chunk: Buffer): void => {
    if (!body.push(chunk)) req.pause();
  };
  const onEnd = (): void => {
    req.socket.setTimeout(0);
    body.push(null);
  };
  const onError = (error: Error): void => {
    body.destroy(error);
  };
  const onIdle = (): void => {
    if (!req.isPaused()) req.destroy(new Error(`the client sent nothing for ${idleMs} ms in the middle of its body`));
  };
  const begin = (): void => {
    begun = true;
    if (expectsContinue(req)) res.writeContinue();
    req.socket.setTimeout(idleMs, onIdle);
    req.on("data", onData).on("end", onEnd).on("error", onError);
  };
  const body = new Readable({
    read: () => {
      if (!begun) begin();
      req.resume();
    },
    destroy: (error, done) => {
      req.off("data", onData).off("end", onEnd).off("error", onError);
      if (begun) {
        req.socket.off("timeout", onIdle);
        req.on("error", () => undefined);
        req.resume();
      }
      done(error);
    },
  });
  return body;
};
