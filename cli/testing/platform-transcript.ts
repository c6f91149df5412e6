import type { PlatformWorld } from "./fake-platform.ts";
import { shown } from "./transcript.ts";

/** The words of a command line: apart by spaces, or together within double quotes. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

/** Runs one command line after the other in one world, and takes the world's folder out of what was said. */
export const platformTranscript = async (world: PlatformWorld, lines: readonly string[]): Promise<string> => {
  const parts: string[] = [];
  for (const line of lines) {
    const args = wordsOf(line);
    parts.push(shown(args, await world.polyphony(args)));
  }
  return parts.join("\n").replaceAll(world.env["XDG_CONFIG_HOME"] ?? "", "~/.config");
};
