import pg from "pg";

export interface Listening {
  stop(): Promise<void>;
}

export interface ListenOptions {
  readonly url: string;
  readonly channel: string;
  readonly onNotice: (payload: string) => void;
  /** The connection was lost or could not be made; what came meanwhile is not known. It is tried again by itself. */
  readonly onGap: (error: Error) => void;
}

const longestPauseMs = 5_000;

/**
 * Follows a channel of PostgreSQL's NOTIFY on a connection of its own, and connects again when it breaks. Notices are only
 * hints: whoever listens must also look by itself now and then.
 */
export const listen = ({ url, channel, onNotice, onGap }: ListenOptions): Listening => {
  let stopped = false;
  let pauseMs = 100;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const again = (error: Error): void => {
    if (stopped || timer) return;
    onGap(error);
    timer = setTimeout(() => {
      timer = undefined;
      void open();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };

  const open = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: url,
      application_name: `polyphony listens to ${channel}`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = opened;
    opened.on("error", again);
    opened.on("end", () => again(new Error("The connection was closed.")));
    opened.on("notification", ({ payload }) => onNotice(payload ?? ""));
    try {
      await opened.connect();
      await opened.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      pauseMs = 100;
    } catch (error) {
      again(error instanceof Error ? error : new Error(String(error)));
      await opened.end().catch(() => undefined);
    }
  };

  void open();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
};
