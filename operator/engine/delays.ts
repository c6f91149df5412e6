/** Keys by the time they fall due: one entry per key, the earliest on top. A binary heap, so that 10,000 waiting keys cost one timer. */
export interface Delays {
  /** Sets when a key is due; an earlier time already set stays. */
  set(key: string, dueMs: number): void;
  delete(key: string): void;
  has(key: string): boolean;
  /** The earliest due time, or undefined. */
  nextMs(): number | undefined;
  /** Takes out the next key that is due by `nowMs`. */
  pop(nowMs: number): string | undefined;
  readonly size: number;
}

interface Entry {
  readonly key: string;
  readonly dueMs: number;
  readonly sequence: number;
}

const before = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one !== undefined &&
  (other === undefined || one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.sequence < other.sequence));

const swap = (heap: Entry[], i: number, j: number): void => {
  const [a, b] = [heap[i], heap[j]];
  if (!a || !b) return;
  heap[i] = b;
  heap[j] = a;
};

const up = (heap: Entry[], from: number): void => {
  for (let i = from; i > 0;) {
    const parent = (i - 1) >> 1;
    if (!before(heap[i], heap[parent])) return;
    swap(heap, i, parent);
    i = parent;
  }
};

const down = (heap: Entry[]): void => {
  for (let i = 0; ;) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    const child = before(heap[right], heap[left]) ? right : left;
    if (!before(heap[child], heap[i])) return;
    swap(heap, i, child);
    i = child;
  }
};

const takeTop = (heap: Entry[]): void => {
  const last = heap.pop();
  if (last && heap.length > 0) {
    heap[0] = last;
    down(heap);
  }
};

export const createDelays = (): Delays => {
  const heap: Entry[] = [];
  /** The entry that counts for a key; others of it in the heap are leftovers. */
  const current = new Map<string, Entry>();
  let sequence = 0;

  const skipLeftovers = (): Entry | undefined => {
    for (let top = heap[0]; top; top = heap[0]) {
      if (current.get(top.key) === top) return top;
      takeTop(heap);
    }
    return undefined;
  };

  return {
    set: (key, dueMs) => {
      const known = current.get(key);
      if (known && known.dueMs <= dueMs) return;
      const entry = { key, dueMs, sequence: (sequence += 1) };
      current.set(key, entry);
      heap.push(entry);
      up(heap, heap.length - 1);
    },
    delete: (key) => void current.delete(key),
    has: (key) => current.has(key),
    nextMs: () => skipLeftovers()?.dueMs,
    pop: (nowMs) => {
      const top = skipLeftovers();
      if (!top || top.dueMs > nowMs) return undefined;
      takeTop(heap);
      current.delete(top.key);
      return top.key;
    },
    get size() {
      return current.size;
    },
  };
};
