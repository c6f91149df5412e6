/** Facts beside a message. Never secrets, tokens or mail addresses. */
export type Facts = Record<string, unknown>;

export interface Log {
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

// Libraries quote what they were given: a mail server's refusal names the recipient, a driver's error may hold a URL.
const withoutSecrets = (text: string): string =>
  text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1<credentials>@")
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)*/g, "<address>");

const plainError = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return error;
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === "string" ? { code } : {}),
    stack: withoutSecrets(error.stack ?? ""),
    ...(error.cause !== undefined && depth < 3 ? { cause: plainError(error.cause, depth + 1) } : {}),
  };
};

/**
 * One JSON object per line: time (RFC 3339), level, msg and the facts. A logging library would cost a tenth of the
 * vault's start time and this is all that is wanted of it.
 */
export function jsonLog(write: (line: string) => void, now: () => Date, always: Facts = {}): Log {
  const line =
    (level: string) =>
    (msg: string, facts: Facts = {}) => {
      const plain = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, plainError(value)]));
      write(`${JSON.stringify({ time: now().toISOString(), level, msg, ...always, ...plain })}\n`);
    };
  return { info: line("info"), warn: line("warn"), error: line("error") };
}
