/** The value at a path such as `.spec.owner.email`; a number chooses an element of a list. */
export const fieldAt = (object: unknown, path: string): unknown =>
  path
    .split(".")
    .filter((part) => part !== "")
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined,
      object,
    );

/** The same as text for one cell of a table. */
export const cellAt = (object: unknown, path: string): string => {
  const value = fieldAt(object, path);
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};
