/** The object without one of its keys. */
export const withoutKey = <T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as Omit<T, K>;
