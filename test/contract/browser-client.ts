/** A visitor without JavaScript: keeps cookies, sends forms with their hidden fields and an Origin. */
export interface BrowserClient {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Opens `page`, then sends its form to `action` with these fields filled in. */
  submit(page: string, action: string, fields: Record<string, string>): Promise<Response>;
  post(path: string, body: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** Calls the JSON API as a program with this browser's session would. */
  api(method: string, path: string, body?: unknown): Promise<Response>;
  cookies: Map<string, string>;
}

/** Redirects are not followed: what a form answers is part of the contract. */
export function browserClient(origin: string, cookies = new Map<string, string>()): BrowserClient {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie === "" ? {} : { cookie }), ...(init.headers as Record<string, string>) };
    const response = await fetch(origin + path, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const get = (path: string, headers: Record<string, string> = {}) => request(path, { headers });
  const post = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
    request(path, { method: "POST", body: new URLSearchParams(body), headers: { origin, ...headers } });
  return {
    cookies,
    get,
    post,
    submit: async (page, action, fields) => {
      const text = await (await get(page)).text();
      const token = /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? "";
      return post(action, { _token: token, ...fields });
    },
    api: async (method, path, body) => {
      const me = (await (await get("/api/me")).json()) as { csrfToken?: string };
      const headers = { origin, "content-type": "application/json", "x-csrf-token": me.csrfToken ?? "" };
      return request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    },
  };
}
