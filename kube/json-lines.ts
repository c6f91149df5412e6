/** Values of a stream of JSON documents, one per line. A last line without its end is an error: it was cut. */
export const jsonLines = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    // Most chunks end inside a line: pieces are joined once, when its end is in.
    for (const [index, line] of lines.entries()) {
      parts.push(line);
      if (index === lines.length - 1) continue;
      const whole = parts.join("");
      parts = [];
      if (whole) yield JSON.parse(whole) as unknown;
    }
  }
  if (parts.join("")) throw new Error("the stream ended in the middle of an event");
};
