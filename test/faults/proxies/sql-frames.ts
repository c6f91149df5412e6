/** One message of PostgreSQL's protocol (version 3) after the start-up packet. */
export interface Frame {
  readonly type: string;
  /** The whole message, as it came. */
  readonly bytes: Buffer;
  /** Without type and length. */
  readonly body: Buffer;
}

/** Cuts a stream into messages; the client's first packet has no type and comes as type "". */
export const createFramer = (from: "client" | "server"): ((chunk: Buffer) => Frame[]) => {
  let rest: Buffer = Buffer.alloc(0);
  let started = from === "server";
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      const head = started ? 1 : 0;
      if (rest.length < head + 4) return frames;
      const size = head + rest.readInt32BE(head);
      if (rest.length < size) return frames;
      const bytes = rest.subarray(0, size);
      frames.push({ type: started ? String.fromCharCode(bytes[0] ?? 0) : "", bytes, body: bytes.subarray(head + 4) });
      rest = rest.subarray(size);
      started = true;
    }
  };
};

/** Text up to the next zero byte. */
const text = (body: Buffer, from: number): string => body.toString("utf8", from, body.indexOf(0, from));

/** Name and text of a Parse message. */
export const parseMessage = ({ body }: Frame): { name: string; sql: string } => {
  const name = text(body, 0);
  return { name, sql: text(body, Buffer.byteLength(name) + 1) };
};

/** The prepared statement that a Bind message names, and all of its bytes as text, parameters included. */
export const bindMessage = ({ body }: Frame): { statement: string; all: string } => {
  const portal = text(body, 0);
  return { statement: text(body, Buffer.byteLength(portal) + 1), all: body.toString("latin1") };
};

/** The text of a Query message, or of the tag in CommandComplete. */
export const textMessage = ({ body }: Frame): string => text(body, 0);
