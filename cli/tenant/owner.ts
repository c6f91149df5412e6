import { InvalidArgumentError } from "commander";

/** `Kari Nordmann <kari@example.org>` as the API has it. An option's parser: it throws what commander shows. */
export const parseOwner = (text: string): { name: string; email: string } => {
  const parts = /^\s*([^<>]+?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>\s*$/.exec(text);
  if (!parts)
    throw new InvalidArgumentError('Write a name and a mail address, for example "Kari Nordmann <kari@example.org>".');
  return { name: parts[1] ?? "", email: parts[2] ?? "" };
};
