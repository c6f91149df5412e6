/** Changes people make go first; what a listing brings (all objects at a start) fills in behind them. */
export type Lane = "foreground" | "background";

/** Of this many places, one goes to the background even when the foreground is full. */
const BACKGROUND_SHARE = 4;

interface Waiting {
  readonly key: string;
  readonly since: number;
}

/** First in, first out, without moving what is behind. */
const createFifo = () => {
  let items: Waiting[] = [];
  let head = 0;
  return {
    push: (item: Waiting): void => void items.push(item),
    peek: (): Waiting | undefined => items[head],
    shift: (): Waiting | undefined => {
      const item = items[head];
      if (item) head += 1;
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    size: (): number => items.length - head,
  };
};

/** Keys that can run now. */
export interface ReadyLanes {
  push(key: string, lane: Lane, nowMs: number): void;
  has(key: string): boolean;
  shift(): string | undefined;
  /** Since when the longest waiting key waits. */
  oldest(): number | undefined;
  size(): number;
}

/** Two lanes of keys that can run now, each key once. */
export const createReadyLanes = (): ReadyLanes => {
  const lanes = { foreground: createFifo(), background: createFifo() };
  /** Since when and where a key waits: an entry of a lane that does not match is a leftover of a move. */
  const places = new Map<string, { lane: Lane; since: number }>();
  let turn = 0;
  const next = (lane: Lane): Waiting | undefined => {
    for (let top = lanes[lane].peek(); top; top = lanes[lane].peek()) {
      const place = places.get(top.key);
      if (place?.lane === lane && place.since === top.since) return top;
      lanes[lane].shift();
    }
    return undefined;
  };
  return {
    push: (key, lane, now) => {
      const place = places.get(key);
      if (place && (place.lane === lane || lane === "background")) return;
      places.set(key, { lane, since: place?.since ?? now });
      lanes[lane].push({ key, since: place?.since ?? now });
    },
    has: (key: string): boolean => places.has(key),
    shift: (): string | undefined => {
      turn += 1;
      const order: Lane[] = turn % BACKGROUND_SHARE === 0 ? ["background", "foreground"] : ["foreground", "background"];
      for (const lane of order) {
        const top = next(lane);
        if (!top) continue;
        lanes[lane].shift();
        places.delete(top.key);
        return top.key;
      }
      return undefined;
    },
    oldest: (): number | undefined => {
      const tops = [next("foreground"), next("background")].flatMap((top) => (top ? [top.since] : []));
      return tops.length > 0 ? Math.min(...tops) : undefined;
    },
    size: (): number => places.size,
  };
};
