/** Where the platform's own hosts lead: host to origin, such as "console.example.org" to "http://control-api:8080". */
export type PlatformRoutes = ReadonlyMap<string, string>;

const entry = /^(?<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)=(?<origin>http:\/\/[^/\s]+)$/;

/** Reads entries such as "console.example.org=http://control-api.system.svc:8080". @throws Error naming the one that is none */
export const parsePlatformRoutes = (entries: readonly string[]): PlatformRoutes =>
  new Map(
    entries.map((text) => {
      const { host, origin } = entry.exec(text)?.groups ?? {};
      if (host !== undefined && origin !== undefined) return [host, origin];
      throw new Error(`"${text}" is no route; write it as console.example.org=http://service.namespace.svc:8080`);
    }),
  );
