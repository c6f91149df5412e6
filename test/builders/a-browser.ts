/** Where a browser has arrived. */
export interface Arrived {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  /** Every address on the way, the last one included. */
  readonly trail: readonly string[];
}

/** A browser without JavaScript: keeps each host's cookies by path, and follows where it is sent. */
export interface Browser {
  /** Follows redirects until something else is answered, or until an address begins with `stopBefore`. */
  visit(url: string, stopBefore?: string): Promise<Arrived>;
  /** Sends the form of the page where it has arrived, as its one button does; follows no refresh of the page that answers. */
  submit(arrived: Arrived): Promise<Arrived>;
  /** Takes over cookies, as in "a=b; c=d". */
  give(origin: string, cookies: string): void;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

export const aBrowser = (): Browser => {
  const jars = new Map<string, Map<string, Cookie>>();
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, Cookie>();
    jars.set(origin, jar);
    return jar;
  };
  const keep = (origin: string, headers: Headers): void => {
    for (const line of headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) jarOf(origin).delete(name);
      else jarOf(origin).set(name, { value, path: /path=([^;]+)/i.exec(line)?.[1] ?? "/" });
    }
  };
  const cookiesFor = ({ origin, pathname }: URL): string =>
    [...jarOf(origin)]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");

  const follow = async (address: string, stopBefore?: string, form?: URLSearchParams): Promise<Arrived> => {
    const trail: string[] = [];
    let url = new URL(address);
    for (let hops = 0; hops < 15; hops += 1) {
      trail.push(url.href);
      if (stopBefore !== undefined && url.href.startsWith(stopBefore)) return { url, status: 0, text: "", trail };
      const response = await fetch(url, {
        redirect: "manual",
        headers: { Cookie: cookiesFor(url), Accept: "text/html" },
        ...(form && hops === 0 ? { method: "POST", body: form } : {}),
      });
      keep(url.origin, response.headers);
      const location = response.headers.get("location");
      if (location === null) return { url, status: response.status, text: await response.text(), trail };
      url = new URL(location, url);
    }
    throw new Error(`The browser was sent around and around:\n${trail.join("\n")}`);
  };
  return {
    visit: (address, stopBefore) => follow(address, stopBefore),
    submit: ({ url, text }) => {
      const form = new URLSearchParams();
      for (const [, name = "", value = ""] of text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
        form.append(name, value);
      return follow(url.href, undefined, form);
    },
    give: (origin, cookies) => {
      for (const pair of cookies.split("; ")) {
        const [name = "", value = ""] = pair.split("=");
        jarOf(origin).set(name, { value, path: "/" });
      }
    },
  };
};
