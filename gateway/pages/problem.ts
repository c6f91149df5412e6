import type { Notice } from "./notice.ts";

/** A notice as application/problem+json (RFC 9457), with the request's id and, while preparing, how far it has come. */
export const problem = (notice: Notice, requestId: string): string =>
  JSON.stringify({
    type: `urn:polyphony:problem:${notice.code}`,
    title: notice.title,
    status: notice.status,
    detail: `${notice.detail} ${notice.next}`,
    report: notice.report,
    progress: notice.progress,
    requestId,
  });
