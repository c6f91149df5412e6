/** Works through the items, so many at a time; how many failed, and the first reason. */
export const inParallel = async <T>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<unknown>,
): Promise<{ failed: number; first?: unknown }> => {
  const left = items.values();
  const errors: unknown[] = [];
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const item of left) await work(item).catch((error: unknown) => errors.push(error));
    }),
  );
  return errors.length === 0 ? { failed: 0 } : { failed: errors.length, first: errors[0] };
};
