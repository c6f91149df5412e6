/**
 * Reads many things with few questions: what is asked for while a reading is under way is gathered, and read at once
 * when it ends. Nobody is given what was read before they asked, and whoever asks alone does not wait.
 * @param most keys in one reading
 */
export const createGatheredReads = <V>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  most: number,
): ((key: string) => Promise<V | null>) => {
  type Asker = { resolve: (value: V | null) => void; reject: (error: unknown) => void };
  const waiting = new Map<string, Asker[]>();
  let reading = false;

  const readNext = async (): Promise<void> => {
    const batch = [...waiting].slice(0, most);
    for (const [key] of batch) waiting.delete(key);
    try {
      const found = await read(batch.map(([key]) => key));
      for (const [key, askers] of batch) for (const { resolve } of askers) resolve(found.get(key) ?? null);
    } catch (error) {
      for (const [, askers] of batch) for (const { reject } of askers) reject(error);
    }
  };

  const readAll = async (): Promise<void> => {
    reading = true;
    while (waiting.size > 0) await readNext();
    reading = false;
  };

  return (key) =>
    new Promise((resolve, reject) => {
      const askers = waiting.get(key);
      if (askers) askers.push({ resolve, reject });
      else waiting.set(key, [{ resolve, reject }]);
      if (!reading) void readAll();
    });
};
