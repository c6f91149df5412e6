/** Fields that answers have; which of them, the route's contract says. */
export interface ApiBody {
  readonly type: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string; readonly suggestions: string[] }[];
  readonly items: readonly unknown[];
  readonly suggestions: readonly string[];
  readonly message: string;
  readonly code: string;
  readonly name: string;
  readonly version: number;
  readonly csrfToken: string;
  readonly [field: string]: unknown;
}

/** An answer of the API, read whole. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ApiBody;
}

/** One browser or program: keeps its cookies, and sends the token that the API asks for with every change. */
export interface ApiClient {
  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  /** Reads GET /api/me and keeps its csrfToken. */
  me(): Promise<ApiAnswer>;
  /** What goes with every request of this client. */
  headers(): Record<string, string>;
  /** Server-sent events as they come. */
  events(path: string, signal: AbortSignal): AsyncIterable<unknown>;
}

export const anApiClient = (url: string): ApiClient => {
  const cookies = new Map<string, string>();
  let csrfToken = "";
  const headersWith = (more: Record<string, string>): Record<string, string> => ({
    ...(cookies.size > 0 ? { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") } : {}),
    ...(csrfToken === "" ? {} : { "X-CSRF-Token": csrfToken }),
    ...more,
  });
  const keep = (headers: Headers): void => {
    for (const cookie of headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
  };
  const ask = async (method: string, path: string, init: RequestInit): Promise<ApiAnswer> => {
    const response = await fetch(url + path, { method, redirect: "manual", ...init });
    keep(response.headers);
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : { text }) as ApiBody,
    };
  };
  const get: ApiClient["get"] = (path, headers = {}) => ask("GET", path, { headers: headersWith(headers) });
  return {
    get,
    send: (method, path, body, headers = {}) =>
      ask(method, path, {
        headers: headersWith({ ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers }),
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    me: async () => {
      const answer = await get("/api/me");
      if (answer.status === 200) csrfToken = answer.body.csrfToken;
      return answer;
    },
    headers: () => headersWith({}),
    events: async function* (path, signal) {
      const response = await fetch(url + path, { headers: headersWith({ Accept: "text/event-stream" }), signal });
      if (!response.ok || !response.body) throw new Error(`GET ${path} answered ${String(response.status)}`);
      let text = "";
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const parts = text.split("\n\n");
        text = parts.pop() ?? "";
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data !== undefined) yield JSON.parse(data) as unknown;
        }
      }
    },
  };
};
