/** A change of an object: values to set at their places, null to take one away. Lists are replaced whole. */
export type Change = { readonly [field: string]: unknown };

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `base` with the change made. Neither is touched. */
export const withChange = (base: Readonly<Record<string, unknown>>, change: Change): Record<string, unknown> => {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else if (isMap(value)) result[name] = withChange(isMap(result[name]) ? result[name] : {}, value);
    else result[name] = value;
  }
  return result;
};

/** The change that sets one path. */
export const changeAt = (path: readonly string[], value: unknown): Change =>
  path.reduceRight<unknown>((below, part) => ({ [part]: below }), value) as Change;

/** The paths that a change takes away. */
export const removals = (change: Change, above: readonly string[] = []): string[][] =>
  Object.entries(change).flatMap(([name, value]) => {
    if (value === null) return [[...above, name]];
    return isMap(value) ? removals(value, [...above, name]) : [];
  });
