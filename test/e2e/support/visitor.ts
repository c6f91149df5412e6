import { localHttp, type Answer } from "../../../demo/local-http.ts";

/** A visitor without a browser: keeps cookies, and can show them elsewhere. */
export type Visitor = {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** Opens `page` for its form token, then sends its form. */
  submit(page: string, action: string, fields: Record<string, string>): Promise<Answer>;
};

const setCookies = (answer: Answer): string[] => [answer.headers["set-cookie"] ?? []].flat();

/** Redirects are not followed. */
export const createVisitor = (origin: string, cookies = new Map<string, string>()): Visitor => {
  const send = async (path: string, ask: Parameters<typeof localHttp>[1]): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "text/html", ...(cookie === "" ? {} : { cookie }), ...ask?.headers };
    const answer = await localHttp(origin + path, { ...ask, headers });
    for (const line of setCookies(answer)) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const post: Visitor["post"] = (path, fields, headers = {}) => {
    const body = new URLSearchParams(fields).toString();
    const type = "application/x-www-form-urlencoded";
    return send(path, { method: "POST", body, headers: { origin, "content-type": type, ...headers } });
  };
  return {
    cookies,
    get: (path, headers = {}) => send(path, { headers }),
    post,
    submit: async (page, action, fields) => {
      const { body } = await send(page, {});
      return post(action, { _token: /name="_token" value="([^"]+)"/.exec(body)?.[1] ?? "", ...fields });
    },
  };
};
