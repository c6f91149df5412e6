import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const ReservedSlugs = z.record(z.string(), z.string());

/** The slugs of the chart's list (`slug: why`), which admission holds to as well. Throws when the file cannot be read. */
export const readReservedSlugs = (file: string | undefined): ReadonlySet<string> =>
  new Set(file === undefined ? [] : Object.keys(ReservedSlugs.parse(parse(readFileSync(file, "utf8")))));
