import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly body: string;
}

export interface Call {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** One request over a connection of its own; the host is a header only, as names do not resolve here. */
export const call = (port: number, { host, method, path, headers, body }: Call = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const req = request({
      host: "127.0.0.1",
      port,
      method: method ?? "GET",
      path: path ?? "/",
      agent: false,
      headers: { Host: host ?? "alto.polyphony.localhost", ...headers },
    });
    req.on("error", reject);
    req.on("response", (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("error", reject);
      res.on("end", () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          rawHeaders: res.rawHeaders,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    req.end(body);
  });

/**
 * Sends bytes as they are and returns all that comes until the other side closes, or until nothing more has come for
 * `ms`. However long the first byte takes.
 */
export const rawCall = (port: number, bytes: string, ms = 1500): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      socket.setTimeout(ms, done);
    });
    socket.on("error", done).on("close", done);
    socket.write(bytes, "latin1");
  });
