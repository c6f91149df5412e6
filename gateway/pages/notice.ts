/** Something the gateway says itself, to a person as a page and to a program as a problem (RFC 9457). */
export interface Notice {
  readonly status: number;
  /** Stable, for programs: the problem's type is urn:polyphony:problem:<code>. */
  readonly code: string;
  readonly title: string;
  /** One or two sentences: what is so. */
  readonly detail: string;
  /** What to do next. */
  readonly next: string;
  /** The mood of the page: work goes on, all is quiet, or something is wrong. */
  readonly tone: "working" | "quiet" | "trouble";
  /** What the page is about, for example the organization's name or the host. */
  readonly about?: string | undefined;
  /** What the platform reports, in its own words. */
  readonly report?: string | undefined;
  readonly progress?: { readonly step: number; readonly of: number; readonly current: string } | undefined;
  /** Seconds until it is worth asking again. */
  readonly retryAfter?: number | undefined;
  /** Whether the page looks again by itself after `retryAfter`. */
  readonly refresh?: boolean | undefined;
}
