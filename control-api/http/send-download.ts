import { once } from "node:events";
import type { Response } from "express";

/** A file that is made while it is sent. */
export interface Download {
  /** Content-Type. */
  readonly type: string;
  /** ASCII. */
  readonly fileName: string;
  readonly chunks: AsyncIterable<string>;
}

/**
 * Sends a file as fast as its reader takes it. Headers go out with the first piece, so that what is refused before is
 * answered as a problem; what breaks later cuts the connection, which no reader takes for the end.
 */
export const sendDownload = async (response: Response, { type, fileName, chunks }: Download): Promise<void> => {
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.headersSent) {
        response.status(200).set({
          "Content-Type": type,
          "Content-Disposition": `attachment; filename="${fileName}"`,
          "Cache-Control": "no-store",
        });
      }
      if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]);
    }
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    response.destroy(error instanceof Error ? error : undefined);
  }
};
