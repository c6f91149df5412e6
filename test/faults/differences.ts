const differencesAt = (path: string, wanted: unknown, found: unknown): string[] => {
  if (JSON.stringify(wanted) === JSON.stringify(found)) return [];
  const bothObjects = [wanted, found].every((value) => value !== null && typeof value === "object");
  if (!bothObjects || Array.isArray(wanted) !== Array.isArray(found)) {
    const say = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
    return [`${path}: ${say(found)} instead of ${say(wanted)}`];
  }
  const [one, other] = [wanted as Record<string, unknown>, found as Record<string, unknown>];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => differencesAt(path ? `${path} › ${key}` : key, one[key], other[key]));
};

/** Every place in which `found` is not as `wanted`, in words. */
export const differences = (wanted: object, found: object): string[] => differencesAt("", wanted, found);
