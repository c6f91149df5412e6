/** A port of 127.0.0.1 and the Service behind it. */
export interface ForwardRoute {
  port: number;
  namespace: string;
  service: string;
  servicePort: number;
  /** HTTP gets a readable answer when there is nothing behind it; anything else just a closed connection. */
  http: boolean;
}

/** The addresses on this machine that are printed for people; the gateway's port is the same inside the cluster and outside. */
export const forwardRoutes: readonly ForwardRoute[] = [
  { port: 8080, namespace: "polyphony-system", service: "polyphony-gateway", servicePort: 8080, http: true },
  { port: 8025, namespace: "polyphony-demo", service: "inbox", servicePort: 8025, http: true },
  { port: 15432, namespace: "polyphony-system", service: "polyphony-postgresql", servicePort: 5432, http: false },
];

/** The text of an HTTP answer that says why a port has nothing behind it yet. */
export function unavailable(route: ForwardRoute, reason: string): string {
  const body = `Nothing answers here: the Service ${route.service} in the namespace ${route.namespace} ${reason}.\nIs the demo installed? Start it with: make demo\n`;
  const head = [
    "HTTP/1.1 503 Service Unavailable",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "retry-after: 2",
    "connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
