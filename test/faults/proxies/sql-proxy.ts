import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Gate, Passing } from "./effect.ts";
import { bindMessage, createFramer, type Frame, parseMessage, textMessage } from "./sql-frames.ts";
import { sqlSummary } from "./sql-summary.ts";

/** A proxy before PostgreSQL that understands its protocol: every query that changes something passes the gate. */
export interface SqlProxy {
  /** The same URL through the proxy. */
  readonly url: string;
  /** Every open connection is cut. */
  drop(): void;
  close(): Promise<void>;
}

/** What the client sends up to the point where the server begins to answer. */
const createUnits = () => {
  let unit: Frame[] = [];
  const prepared = new Map<string, string>();
  return (frame: Frame): { frames: Frame[]; sql: string; text: string } | null => {
    unit.push(frame);
    if (frame.type === "P") {
      const { name, sql } = parseMessage(frame);
      prepared.set(name, sql);
    }
    if (frame.type !== "S" && frame.type !== "Q" && "PBDEC".includes(frame.type) && frame.type !== "") return null;
    const frames = unit;
    unit = [];
    if (frame.type === "Q") return { frames, sql: textMessage(frame), text: textMessage(frame) };
    const bind = frames.find(({ type }) => type === "B");
    const bound = bind && bindMessage(bind);
    const sql = bound ? (prepared.get(bound.statement) ?? "") : "";
    return { frames, sql, text: `${sql}\n${bound?.all ?? ""}` };
  };
};

interface Waiting {
  readonly passing: Passing;
  readonly held: Buffer[];
  readonly tags: string[];
  ok: boolean;
}

/** Joins one client with the server; calls the gate around every query that changes something. */
const join = (client: Socket, server: Socket, gate: Gate): void => {
  let waiting: Waiting | undefined;
  const [fromClient, fromServer] = [createFramer("client"), createFramer("server")];
  const unitOf = createUnits();
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  client.on("error", () => client.destroy());
  // What a dead client has asked for is done all the same: the server finds out when it wants to answer.
  client.on("close", () => {
    if (!waiting) server.destroy();
  });
  server.on("error", end);
  server.on("close", () => {
    if (waiting) gate.lost(waiting.passing);
    end();
  });

  const ask = async (unit: NonNullable<ReturnType<typeof unitOf>>): Promise<void> => {
    const what = sqlSummary(unit.sql);
    if (what !== null) {
      const passing: Passing = { system: "postgres", what: `sql ${what}`, text: unit.text };
      if ((await gate.before(passing)) !== "pass") {
        end();
        return;
      }
      waiting = { passing, held: [], tags: [], ok: true };
      if (server.destroyed) {
        gate.lost(passing);
        return;
      }
    }
    for (const { bytes } of unit.frames) server.write(bytes);
  };

  const answer = async (frame: Frame): Promise<void> => {
    if (!waiting) return void client.write(frame.bytes);
    waiting.held.push(frame.bytes);
    if (frame.type === "E") waiting.ok = false;
    if (frame.type === "C") waiting.tags.push(textMessage(frame));
    if (frame.type !== "Z") return;
    const { passing, held, tags, ok } = waiting;
    waiting = undefined;
    if ((await gate.after(passing, { ok, tags })) !== "pass" || client.destroyed) end();
    else for (const bytes of held) client.write(bytes);
  };

  // One after the other, in the order in which they came, also while the gate takes its time.
  const inOrder = <T>(work: (item: T) => Promise<void>) => {
    let last = Promise.resolve();
    return (item: T): void => void (last = last.then(() => work(item)).catch(end));
  };
  const [asked, answered] = [inOrder(ask), inOrder(answer)];
  client.on("data", (chunk: Buffer) => {
    for (const frame of fromClient(chunk)) {
      const unit = unitOf(frame);
      if (unit) asked(unit);
    }
  });
  server.on("data", (chunk: Buffer) => {
    for (const frame of fromServer(chunk)) answered(frame);
  });
};

export const startSqlProxy = async (target: string, gate: Gate): Promise<SqlProxy> => {
  const url = new URL(target);
  const clients = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    join(client, connect({ host: url.hostname, port: Number(url.port), noDelay: true }), gate);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const through = new URL(target);
  through.port = String((proxy.address() as AddressInfo).port);
  const drop = (): void => {
    for (const client of clients) client.destroy();
  };
  return {
    url: through.href,
    drop,
    close: async () => {
      drop();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
};
