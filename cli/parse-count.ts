import { InvalidArgumentError } from "commander";

/** A whole number, 1 or more. An option's parser: it throws what commander shows. */
export const parseCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Write a whole number, 1 or more.");
  return count;
};
