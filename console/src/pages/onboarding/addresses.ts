import { Email } from "../../../../control-api/contract/fields.ts";

/** At most so many at once: more would run into the limit on mails. */
export const mostAtOnce = 20;

export interface Addresses {
  readonly good: readonly string[];
  /** What was typed and is no mail address. */
  readonly wrong: readonly string[];
}

/** "Kari <kari@alto.example>" is an address too: so they come out of mail programs. */
const bare = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;

/** Mail addresses out of a list as people paste it: one per line, or between commas and semicolons; each once. */
export const addressesIn = (text: string): Addresses => {
  const typed = text
    .split(/[\n,;]+/)
    .map((part) => bare(part.trim()).trim())
    .filter((part) => part !== "");
  const good = new Map<string, string>();
  const wrong: string[] = [];
  for (const part of typed) {
    const { data } = Email.safeParse(part);
    if (data === undefined) wrong.push(part);
    else good.set(data.toLowerCase(), data);
  }
  return { good: [...good.values()], wrong };
};
