/** `1 server`, `2 servers`: a count with its word. */
export const several = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
