const pairs = (detail: object): string =>
  Object.entries(detail)
    .map(([name, value]: [string, unknown]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");

/** What was noted beside an action, as words: `{"role":"admin"}` is "role: admin"; what is words already stays. */
export const detailWords = (detail: string | object): string => {
  if (typeof detail === "object") return pairs(detail);
  if (!detail.startsWith("{")) return detail;
  try {
    return pairs(JSON.parse(detail) as object);
  } catch {
    return detail;
  }
};
